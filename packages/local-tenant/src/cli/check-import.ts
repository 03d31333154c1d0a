import { UserError } from "../lib/errors.ts";
import { RESOURCE_KINDS } from "./configuration.ts";
import type { TableName } from "../store/tables.ts";
import type { ExportFolder, FileRow } from "./export-files.ts";

type Shape = Readonly<Record<string, "string" | "list" | "object">>;

/** The properties that the tenant relies on in each row. All others are taken over unchanged. */
const SHAPES: Partial<Record<TableName, Shape>> = {
  clients: { client_id: "string", name: "string" },
  clientCredentials: { id: "string", client_id: "string", pem: "string" },
  clientGrants: { id: "string", client_id: "string", audience: "string", scope: "list" },
  connections: {
    id: "string",
    name: "string",
    strategy: "string",
    options: "object",
    enabled_clients: "list",
  },
  resourceServers: { id: "string", identifier: "string", name: "string" },
  roles: { id: "string", name: "string", permissions: "list" },
  actions: {
    id: "string",
    name: "string",
    code: "string",
    supported_triggers: "list",
    dependencies: "list",
    secrets: "list",
  },
  actionVersions: {
    id: "string",
    action_id: "string",
    code: "string",
    dependencies: "list",
    secrets: "list",
  },
  documents: { path: "string" },
  bindings: { id: "string", trigger_id: "string", action_id: "string", display_name: "string" },
};

/**
 * Checks all rows before any is taken over: their shapes, that no key comes twice, and that what they refer
 * to exists.
 * @throws {UserError} naming the file and the property.
 */
export function checkImport(folder: ExportFolder, builtIn: { clientId: string; audience: string }): void {
  for (const kind of RESOURCE_KINDS) {
    const rows = folder.resources.get(kind.table) ?? [];
    for (const row of rows) checkShape(row, SHAPES[kind.table] ?? {});
    checkSingle(rows, kind.key);
  }
  const rows = (table: TableName) => folder.resources.get(table) ?? [];
  const keys = (table: TableName, key: string) => new Set(rows(table).map(({ row }) => row[key]));
  const clients = keys("clients", "client_id").add(builtIn.clientId);
  const audiences = keys("resourceServers", "identifier").add(builtIn.audience);
  const actions = keys("actions", "id");
  for (const row of rows("clientCredentials")) checkReference(row, "client_id", clients);
  for (const row of rows("clientGrants")) {
    checkReference(row, "client_id", clients);
    checkReference(row, "audience", audiences);
  }
  for (const row of rows("connections")) checkReference(row, "enabled_clients", clients);
  for (const row of rows("actionVersions")) checkReference(row, "action_id", actions);
  for (const row of rows("bindings")) checkReference(row, "action_id", actions);
  for (const row of rows("actions")) checkReference(row, "deployed_version_id", keys("actionVersions", "id"));
}

function checkShape({ file, row }: FileRow, shape: Shape): void {
  for (const [name, type] of Object.entries(shape)) {
    const value = row[name];
    const fits =
      type === "string"
        ? typeof value === "string"
        : typeof value === "object" && value !== null && Array.isArray(value) === (type === "list");
    if (!fits) throw wrong(file, `has no ${type === "string" ? "text" : type} at "${name}"`);
  }
}

function checkSingle(rows: readonly FileRow[], key: string): void {
  const files = new Map<unknown, string>();
  for (const { file, row } of rows) {
    const other = files.get(row[key]);
    if (other !== undefined) throw wrong(file, `has the same "${key}" as ${other}`);
    files.set(row[key], file);
  }
}

function checkReference({ file, row }: FileRow, name: string, known: ReadonlySet<unknown>): void {
  const values: unknown[] = Array.isArray(row[name]) ? row[name] : [row[name]];
  const missing = values.find((value) => value !== undefined && !known.has(value));
  if (missing === undefined) return;
  throw wrong(file, `names ${JSON.stringify(missing)} at "${name}", which is in no other file`);
}

function wrong(file: string, what: string): UserError {
  return new UserError(`The file ${file} ${what}. Nothing was changed.`);
}
