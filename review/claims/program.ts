import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  encodeConfig,
  localConfig,
  projectDefaults,
  secretKeysOf,
} from "../../local/pulumi/engine/config.ts";
import type { ConfigValues } from "../../local/pulumi/engine/config.ts";
import { PROJECT } from "../../local/pulumi/engine/paths.ts";
import { readYaml } from "../../local/pulumi/engine/yaml.ts";
import { deployInProcess } from "../../local/pulumi/in-process.ts";
import type { InProcessOptions } from "../../local/pulumi/in-process.ts";
import type { TenantAccess } from "../../local/pulumi/resources/tenant-access.ts";
import { silent } from "../../local/pulumi/cli/reporter.ts";
import { makeStandIns } from "../../local/start/stand-ins.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

/** Which program is deployed where. */
export interface ProgramOptions {
  /** The project's folder. */
  readonly root: string;
  /** Name of the stack's file in it. */
  readonly file: string;
  readonly tenant: TenantAccess & { readonly ca: string };
  /** The program of the folder's `index.ts` unless given. */
  readonly program?: InProcessOptions["program"];
}

/** A program that has run. */
export interface DeployedProgram {
  /** Its configuration by full key, Pulumi.yaml's defaults included, without secrets. */
  readonly values: ConfigValues;
  /** Full keys of the values that were encrypted, or should be. */
  readonly secretKeys: readonly string[];
  /** The stack's outputs in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands for a secret: a tenant in memory needs none that is right. */
const PLACEHOLDER = "not-a-secret";

/**
 * Deploys the program of a folder with the configuration of one of its stacks to a tenant on this machine,
 * without a Pulumi CLI. No passphrase is needed, because each secret is replaced; the Actions that only the
 * real tenant has are replaced by ones that do nothing.
 * @throws {Error} whatever is wrong with the configuration, or the program's own.
 */
export async function deployProgram(options: ProgramOptions): Promise<DeployedProgram> {
  const { root, file, tenant } = options;
  const given = localConfig(root, { domain: tenant.domain, file });
  await makeStandIns(tenant, given, silent);
  const secretKeys = [...new Set([...secretKeysOf(given), ...encryptedKeys(root, file)])];
  const values = { ...projectDefaults(root), ...given };
  const secrets = Object.fromEntries(secretKeys.map((key) => [key, PLACEHOLDER]));
  const { outputs } = await deployInProcess({
    ...(options.program === undefined ? await loadProgram(root) : { program: options.program }),
    config: encodeConfig({ ...values, ...secrets }),
    secretKeys,
    tenant,
  });
  return { values, secretKeys, outputs };
}

/** The program with the SDK that it imports itself: another copy would not hear what this one is told. */
async function loadProgram(root: string): Promise<Required<Pick<InProcessOptions, "program" | "sdk">>> {
  const entry = join(root, "index.ts");
  if (!existsSync(entry)) throw new UserError(`${entry} is not there, which would be the program.`);
  const loaded = (await import(pathToFileURL(entry).href)) as { default?: unknown };
  if (typeof loaded.default !== "function") {
    throw new UserError(`${entry} exports no function by default, which would be the program.`);
  }
  const load = createRequire(join(root, "package.json"));
  return {
    // SAFETY: a Pulumi program that is a function takes nothing and gives its outputs.
    program: loaded.default as InProcessOptions["program"],
    // SAFETY: it is the package that the program imports by this name.
    sdk: load("@pulumi/pulumi") as NonNullable<InProcessOptions["sdk"]>,
  };
}

/** Keys of the values that the file has encrypted, under the name that the project has on a laptop. */
function encryptedKeys(root: string, file: string): string[] {
  const project = String(readYaml(join(root, "Pulumi.yaml"))["name"]);
  const values = readYaml(join(root, file))["config"] as Readonly<Record<string, unknown>>;
  return Object.entries(values)
    .filter(([key, value]) => key.startsWith(`${project}:`) && /^\{"secure":/.test(JSON.stringify(value)))
    .map(([key]) => `${PROJECT}${key.slice(project.length)}`);
}
