import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

/** A stack's configuration, as its file has it. */
export interface StackFile {
  readonly project: string;
  /** By full key: strings as they are, other values as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys of the secret ones. None of them has its real value. */
  readonly secretKeys: readonly string[];
}

/** Replaces every secret, because the preflight needs none. */
const PLACEHOLDER = "not-read-by-the-preflight";

/**
 * Reads Pulumi.yaml's defaults and Pulumi.STACK.yaml. Secrets of the project are not decrypted but replaced,
 * also those that are not set yet. Encrypted settings of the provider are left out, as if they were not set.
 * @throws {UserError} if a file is missing or cannot be read.
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

/** Names of the list's directories. If the list has another shape, the program itself reports the error. */
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
