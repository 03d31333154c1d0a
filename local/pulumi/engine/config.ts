import { join } from "node:path";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";
import { PROJECT } from "./paths.ts";
import { readYaml } from "./yaml.ts";

/** Values of a stack's configuration by full key (`workforce-sso:groupsClaim`). */
export type ConfigValues = Readonly<Record<string, unknown>>;

/** The secret that every stack has: the first directory's. */
export const SECRET_KEY = `${PROJECT}:azureClientSecret`;

/** The keys of all secrets that a configuration needs: one for each of its directories. */
export function secretKeysOf(values: ConfigValues): string[] {
  const further = records(values[`${PROJECT}:directories`]).slice(1);
  return [SECRET_KEY, ...further.map(({ name }) => `${SECRET_KEY}-${String(name)}`)];
}

export interface LocalConfigOptions {
  /** Host and port of the local tenant. */
  readonly domain: string;
  /** The only source of groups, instead of the configured list. */
  readonly source?: string;
  /** Name of the stack's file in the project's folder; `Pulumi.dev.yaml` unless given. */
  readonly file?: string;
}

/**
 * The local stack's configuration: the example stack's values, on the local tenant. Each application's
 * addresses also contain the console's page, at which a tried sign-in ends. The provider's settings and the
 * secrets are left out: the settings belong to a real tenant, and only its stack can read the secrets.
 * @param root The project's folder, with `Pulumi.yaml` and the stack's file.
 * @throws {UserError} when the file has no configuration, or keys that are not the project's.
 */
export function localConfig(root: string, options: LocalConfigOptions): Record<string, unknown> {
  const values = stackValues(root, options.file ?? "Pulumi.dev.yaml");
  const key = `${PROJECT}:applications`;
  return {
    ...Object.fromEntries(Object.entries(values).filter(([key, value]) => isShared(key, value))),
    "auth0:domain": options.domain,
    [key]: withLocalAddresses(values[key], `https://${options.domain}/_local/`),
    ...(options.source === undefined ? {} : { [`${PROJECT}:groupSources`]: [options.source] }),
  };
}

/** The Actions of the real tenant that the configuration keeps bound before and after the stack's own. */
export function namedActions(config: ConfigValues): { actionId: string; displayName: string }[] {
  return ["postLoginBefore", "postLoginAfter"]
    .flatMap((key) => records(config[`${PROJECT}:${key}`]))
    .flatMap(({ actionId, displayName }) =>
      isFilled(actionId) && isFilled(displayName) ? [{ actionId, displayName }] : [],
    );
}

/** The defaults that the engine fills in from Pulumi.yaml, for the way without it. */
export function projectDefaults(root: string): Record<string, unknown> {
  const declared = record(readYaml(join(root, "Pulumi.yaml"))["config"]) ?? {};
  const defaults: Record<string, unknown> = {};
  for (const [key, declaration] of Object.entries(declared)) {
    const value = record(declaration)?.["default"];
    if (value !== undefined) defaults[`${PROJECT}:${key}`] = value;
  }
  return defaults;
}

/** Values as Pulumi gives them to a program: strings as they are, other values as JSON. */
export function encodeConfig(values: ConfigValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/**
 * The values of a stack's file, under the project name that is used on a laptop, whatever the company calls
 * the project.
 */
function stackValues(root: string, name: string): Record<string, unknown> {
  const file = join(root, name);
  const values = record(readYaml(file)["config"]);
  if (values === undefined) {
    throw new UserError(
      `${file} has no map of keys under "config:"; expected lines such as "  ${PROJECT}:groupsClaim: https://xyz.example/claims/groups".`,
    );
  }
  const project = String(readYaml(join(root, "Pulumi.yaml"))["name"]);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (key.startsWith(`${project}:`)) return [`${PROJECT}${key.slice(project.length)}`, value];
      if (!key.startsWith(`${PROJECT}:`)) return [key, value];
      throw new UserError(
        `${file} has ${key}, which is not read, because Pulumi.yaml calls the project ${project}. ` +
          `Type: sed -i.former "s/^  ${PROJECT}:/  ${project}:/" ${name}`,
      );
    }),
  );
}

function isShared(key: string, value: unknown): boolean {
  return !key.startsWith("auth0:") && record(value)?.["secure"] === undefined;
}

/**
 * Adds to a list. A value that is not a list stays as it is, so that the program's own check reports what is
 * wrong.
 */
function withLocalAddresses(applications: unknown, base: string): unknown {
  if (!Array.isArray(applications)) return applications;
  return (applications as unknown[]).map((value) => {
    const application = record(value);
    if (application === undefined) return value;
    const { callbacks, logoutUrls } = application;
    return {
      ...application,
      ...(Array.isArray(callbacks) && callbacks.length > 0
        ? { callbacks: [...(callbacks as unknown[]), `${base}callback`] }
        : {}),
      ...(Array.isArray(logoutUrls) ? { logoutUrls: [...(logoutUrls as unknown[]), base] } : {}),
    };
  });
}

function records(value: unknown): Record<string, unknown>[] {
  const rows = Array.isArray(value) ? (value as unknown[]) : [];
  return rows.map(record).filter((row) => row !== undefined);
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function record(value: unknown): Record<string, unknown> | undefined {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  // SAFETY: an object that is not an array has string keys; their values are unknown.
  return isMap ? (value as Record<string, unknown>) : undefined;
}
