import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";
import type { ConfigValues } from "./config.ts";
import { secretKeysOf } from "./config.ts";
import { PROJECT } from "./paths.ts";
import type { WorkspacePaths } from "./paths.ts";
import { writeWhole } from "../../../packages/local-tenant/src/lib/write-whole.ts";
import { readYaml } from "./yaml.ts";

/**
 * Writes the folder in which the Automation API works: a project file derived from the root's (so that
 * tracked files are never written to), a passphrase, the file backend's folder, and the stack's
 * configuration. An existing configuration keeps its salt and its encrypted secrets.
 * @returns the keys of the secrets that must still be set.
 */
export function prepareWorkspace(
  root: string,
  paths: WorkspacePaths,
  config: ConfigValues,
): { readonly missingSecrets: readonly string[] } {
  mkdirSync(paths.state, { recursive: true });
  const before = existsSync(paths.config) ? readYaml(paths.config) : {};
  preparePassphrase(paths);
  // The program is in this process; `main` would be looked for beside the derived file.
  const project = readYaml(join(root, "Pulumi.yaml"));
  delete project["main"];
  writeWhole(paths.project, stringify({ ...project, name: PROJECT }));
  const kept = (before["config"] ?? {}) as Record<string, unknown>;
  const keys = secretKeysOf(config);
  const secrets = keys.filter((key) => kept[key] !== undefined).map((key) => [key, kept[key]] as const);
  const values = { ...config, ...Object.fromEntries(secrets) };
  writeWhole(paths.config, stringify({ ...before, config: values }));
  return { missingSecrets: keys.filter((key) => kept[key] === undefined) };
}

/**
 * Makes the passphrase file if there is none yet.
 * @throws {UserError} if the stack has secrets already, because a new passphrase could not read them.
 */
export function preparePassphrase(paths: WorkspacePaths): void {
  mkdirSync(paths.folder, { recursive: true });
  if (existsSync(paths.passphrase)) return;
  if (existsSync(paths.config) && readYaml(paths.config)["encryptionsalt"] !== undefined) {
    throw new UserError(
      `${paths.passphrase} is gone, and the stack's secrets cannot be read without it. Put it back, or begin anew with: npm start -- --reset`,
    );
  }
  writeWhole(paths.passphrase, randomBytes(32).toString("base64url"));
}
