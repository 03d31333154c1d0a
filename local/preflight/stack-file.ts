import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

/** What a stack is configured with, as its file says it. */
export interface StackFile {
  readonly project: string;
  /** By full key, strings as they are and the rest as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys of those that are secret; none of them has its real value. */
  readonly secretKeys: readonly string[];
}

/** What stands for a secret: nothing that is asked needs one. */
const PLACEHOLDER = "not-read-by-the-preflight";

/**
 * Reads Pulumi.yaml's defaults and Pulumi.STACK.yaml. Secrets of the project stay encrypted and are replaced, also those that nobody
 * has set yet; encrypted settings of the provider are left out, as if nobody had set them.
 * @throws {UserError} when a file is missing or cannot be read.
 */
export async function readStackFile(root: string, stack: string): Promise<StackFile> {
  // SAFETY: reading the two files runs no command.
  const command = {
    command: "pulumi",
    run: () => Promise.reject(new Error("not run")),
  } as unknown as PulumiCommand;
  const workspace = await LocalWorkspace.create({ workDir: root, pulumiCommand: command });
  const read = async <Settings>(file: string, settings: Promise<Settings>): Promise<Settings> => {
    try {
      return await settings;
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      throw new UserError(`${file} cannot be read: ${reason}. Name the stack with --stack.`);
    }
  };
  const project = await read("Pulumi.yaml", workspace.projectSettings());
  const { config } = await read(`Pulumi.${stack}.yaml`, workspace.stackSettings(stack));
  const values: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, declared] of Object.entries(project.config ?? {})) {
    // SAFETY: a declaration of Pulumi.yaml is an object, or the value itself.
    const { default: value, secret } = declared as { default?: unknown; secret?: boolean };
    const fullKey = `${project.name}:${key}`;
    if (secret === true) secretKeys.push(fullKey);
    else if (value !== undefined) values[fullKey] = encoded(value);
  }
  for (const [key, value] of Object.entries(config ?? {})) {
    if (isSecure(value)) secretKeys.push(key);
    else values[key] = encoded(value);
  }
  for (const name of directoryNames(values[`${project.name}:directories`]).slice(1)) {
    secretKeys.push(`${project.name}:azureClientSecret-${name}`);
  }
  for (const key of secretKeys) if (!key.startsWith("auth0:")) values[key] = PLACEHOLDER;
  return { project: project.name, config: values, secretKeys };
}

function encoded(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isSecure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

/** A list of another shape is an error of the configuration, which the program itself names. */
function directoryNames(directories = "[]"): string[] {
  try {
    const list = JSON.parse(directories) as unknown;
    return (Array.isArray(list) ? list : []).flatMap((entry: unknown) => {
      const name = typeof entry === "object" && entry !== null && "name" in entry ? entry.name : undefined;
      return typeof name === "string" ? [name] : [];
    });
  } catch {
    return [];
  }
}
