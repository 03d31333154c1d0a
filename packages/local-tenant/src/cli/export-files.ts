import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { RESOURCE_KINDS } from "./configuration.ts";
import type { Configuration, ResourceKind, Row } from "./configuration.ts";
import type { TableName } from "../store/tables.ts";

/** The file that marks a folder as an export, and holds what is not a list of resources. */
const MAIN_FILE = "tenant.json";
const SECRETS_FILE = "secrets.json";
const FORMAT = "local-tenant-export/1";

/**
 * What `secrets.json` holds: secrets by the table, the row's key and the path inside it, joined by slashes.
 */
export type Secrets = Readonly<Record<string, string>>;

/** A row and the file it was read from, for messages. */
export interface FileRow {
  readonly file: string;
  readonly row: Row;
}

/** What a folder holds, each row with its file. */
export interface ExportFolder {
  readonly domain: string;
  readonly settings: Row;
  readonly resources: ReadonlyMap<TableName, readonly FileRow[]>;
  readonly secrets: Secrets;
}

/**
 * Writes a configuration into a folder, in the place of an earlier export. Files that no export has written
 * stay.
 * @throws {UserError} when the folder has files and is no export.
 */
export function writeExport(
  folder: string,
  configuration: Configuration,
  secrets: Secrets | undefined,
): void {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, MAIN_FILE))) {
    throw new UserError(
      `The folder ${folder} has files but is not an export; nothing was written. Name another folder.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, SECRETS_FILE), { force: true });
  const order: Record<string, string[]> = {};
  for (const kind of RESOURCE_KINDS) {
    order[kind.folder] = writeKind(folder, kind, configuration.resources.get(kind.table) ?? []);
  }
  const { domain, settings } = configuration;
  writeJson(join(folder, MAIN_FILE), { format: FORMAT, domain, settings, order });
  if (secrets !== undefined) writeJson(join(folder, SECRETS_FILE), secrets, 0o600);
}

function writeKind(folder: string, kind: ResourceKind, rows: readonly Row[]): string[] {
  const path = join(folder, kind.folder);
  if (existsSync(path)) for (const name of jsonFiles(path)) rmSync(join(path, name));
  if (rows.length > 0) mkdirSync(path, { recursive: true });
  const taken = new Set<string>();
  return rows.map((row) => {
    const name = fileName(kind, row, taken);
    writeJson(join(path, name), row);
    return name;
  });
}

/** A readable name that is good on every file system, also on those that take capitals for small letters. */
function fileName(kind: ResourceKind, row: Row, taken: Set<string>): string {
  const plain = (value: unknown) =>
    String(value)
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[.-]+|[.-]+$/g, "")
      .slice(0, 80);
  const short = plain(row[kind.name]);
  const long = [short, plain(row[kind.key])].filter((part) => part !== "").join("-");
  const name = short === "" || taken.has(short.toLowerCase()) ? long : short;
  taken.add(name.toLowerCase());
  return `${name}.json`;
}

/**
 * Reads an export. The files are the resources. `tenant.json` gives their order, and files that it does not
 * name come last.
 * @throws {UserError} naming the file that cannot be read.
 */
export function readExport(folder: string): ExportFolder {
  if (!existsSync(join(folder, MAIN_FILE))) {
    throw new UserError(
      `The folder ${folder} has no ${MAIN_FILE}, so it is not an export. Make one with export DIR.`,
    );
  }
  const main = readJson(join(folder, MAIN_FILE));
  const { format, domain, settings, order } = main;
  if (format !== FORMAT) {
    throw new UserError(
      `${join(folder, MAIN_FILE)} has format ${JSON.stringify(format)}, and this version reads "${FORMAT}".`,
    );
  }
  if (typeof domain !== "string" || !isRecord(settings) || !isRecord(settings["flags"])) {
    throw new UserError(`${join(folder, MAIN_FILE)} lacks the tenant's domain, its settings or their flags.`);
  }
  const orders = isRecord(order) ? order : {};
  return {
    domain,
    settings,
    resources: new Map(
      RESOURCE_KINDS.map((kind) => [kind.table, readKind(folder, kind, orders[kind.folder])] as const),
    ),
    secrets: readSecrets(join(folder, SECRETS_FILE)),
  };
}

function readKind(folder: string, kind: ResourceKind, order: unknown): FileRow[] {
  const path = join(folder, kind.folder);
  if (!existsSync(path)) return [];
  const names: readonly unknown[] = Array.isArray(order) ? order : [];
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  return jsonFiles(path)
    .sort((a, b) => place(a) - place(b))
    .map((name) => ({ file: join(path, name), row: readJson(join(path, name)) }));
}

function readSecrets(file: string): Secrets {
  if (!existsSync(file)) return {};
  const secrets = readJson(file);
  const wrong = Object.keys(secrets).find((name) => typeof secrets[name] !== "string");
  if (wrong !== undefined) throw new UserError(`${file} has no text at "${wrong}".`);
  // SAFETY: after the lines above, only texts are left.
  return secrets as Record<string, string>;
}

function jsonFiles(path: string): string[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .sort();
}

function readJson(file: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // The parser quotes the text around the error, which may be a secret.
    const code = error instanceof Error && "code" in error ? String(error.code) : "it is not JSON";
    throw new UserError(`The file ${file} cannot be read: ${code}. Nothing was changed.`);
  }
  if (!isRecord(value))
    throw new UserError(`The file ${file} does not hold a JSON object. Nothing was changed.`);
  return value;
}

function writeJson(file: string, value: unknown, mode = 0o644): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode });
}

function isRecord(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
