import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../tenant/errors.ts";
import { PROJECT } from "./paths.ts";

/** Values of a stack's configuration by full key (`workforce-sso:groupsClaim`). */
export type StackConfig = Readonly<Record<string, unknown>>;

/** The one secret key of the configuration. */
export const SECRET_KEY = `${PROJECT}:azureClientSecret`;

export interface LocalConfigOptions {
  /** Host and port of the local tenant. */
  readonly domain: string;
  /** The only source of groups, instead of the configured list. */
  readonly source?: string;
}

/**
 * The local stack's configuration: the example stack's values, on the local tenant, with the page where `npm start` ends a
 * sign-in among the first application's addresses. What belongs to a real tenant is not in it: the provider's settings, and
 * secrets, which only that stack can read.
 * @param root The project's folder, with `Pulumi.dev.yaml`.
 * @throws {UserError} when the file has no configuration.
 */
export function localConfig(root: string, options: LocalConfigOptions): Record<string, unknown> {
  const file = join(root, "Pulumi.dev.yaml");
  const values = record(readYaml(file)["config"]);
  if (values === undefined) throw new UserError(`${file} has no "config". Restore it from the repository.`);
  const key = `${PROJECT}:applications`;
  return {
    ...Object.fromEntries(Object.entries(values).filter(([key, value]) => isShared(key, value))),
    "auth0:domain": options.domain,
    [key]: withLocalAddresses(values[key], `https://${options.domain}/_local/`),
    ...(options.source === undefined ? {} : { [`${PROJECT}:groupSources`]: [options.source] }),
  };
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

/** Values as Pulumi hands them to a program: strings as they are, the rest as JSON. */
export function encodeConfig(values: StackConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/**
 * Reads a YAML file whose document is a map.
 * @throws {UserError} when it is missing or not such a file.
 */
export function readYaml(file: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new UserError(`${file} cannot be read: ${reason}`);
  }
  const map = record(document);
  if (map === undefined) throw new UserError(`${file} is not a map of keys.`);
  return map;
}

function isShared(key: string, value: unknown): boolean {
  return !key.startsWith("auth0:") && record(value)?.["secure"] === undefined;
}

function withLocalAddresses(applications: unknown, base: string): unknown {
  if (!Array.isArray(applications)) return applications;
  const [first, ...others] = applications as unknown[];
  const application = record(first);
  if (application === undefined) return applications;
  return [
    {
      ...application,
      callbacks: [...list(application["callbacks"]), `${base}callback`],
      logoutUrls: [...list(application["logoutUrls"]), base],
    },
    ...others,
  ];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function record(value: unknown): Record<string, unknown> | undefined {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  // SAFETY: an object that is no array has string keys; what they hold is unknown.
  return isMap ? (value as Record<string, unknown>) : undefined;
}
