import { existsSync } from "node:fs";
import { nextFreePort } from "../lib/port.ts";
import { createIds } from "../store/ids.ts";
import { loadDirectory } from "../directory/directory.ts";
import { addressOf, audienceOf, storedRow, storedSettings } from "../store/own-address.ts";
import { Store } from "../store/state.ts";
import type { TenantSettings } from "../store/snapshot.ts";
import type { Table } from "../store/table.ts";
import { startTenant } from "../tenant.ts";
import { checkImport } from "./check-import.ts";
import { isBuiltIn, RESOURCE_KINDS, rowsOf } from "./configuration.ts";
import type { ResourceKind, Row } from "./configuration.ts";
import type { TableName } from "../store/tables.ts";
import { readExport } from "./export-files.ts";
import type { ExportFolder, Secrets } from "./export-files.ts";
import type { ToolOptions } from "./options.ts";
import { print } from "./print.ts";
import { LEFT_OUT, secretName, secretsOf, setSecret } from "./secrets.ts";
import { lockFolder, stateFolder } from "./state-folder.ts";
import type { StateFolder } from "../store/state-folder.ts";

/**
 * Replaces the configuration of a stopped tenant by that of an export: what the export does not have is
 * deleted. Users, logs, signing keys and the deployer stay. All of it is one change at the end, so that
 * an error anywhere leaves all as it was.
 */
export async function importConfiguration(options: ToolOptions, say = print): Promise<number> {
  const read = readExport(options.argument);
  const folder = stateFolder(options.state);
  const lock = lockFolder(folder);
  try {
    if (!existsSync(folder.stateFile)) checkImport(read, { clientId: "", audience: audienceOf(read.domain) });
    await makeTenant(folder, options);
    const store = new Store(folder.stateFile);
    const moved = moveTo(store.domain, read);
    checkImport(moved, {
      clientId: store.deployer.clientId,
      audience: audienceOf(store.domain),
    });
    const missing = apply(store, moved);
    store.close();
    say(report(options.argument, moved, missing));
    return 0;
  } finally {
    lock.release();
  }
}

/**
 * A folder without a tenant gets one, with the deployer, the keys and the port that each tenant has of its
 * own.
 */
async function makeTenant(folder: StateFolder, options: ToolOptions): Promise<void> {
  folder.open();
  if (existsSync(folder.stateFile)) return;
  const port = options.port ?? (await nextFreePort());
  const tenant = await startTenant({
    directory: loadDirectory(options.directory),
    port,
    stateFile: folder.stateFile,
  });
  await tenant.close();
}

/**
 * Replaces the tenant's own address, which is in audiences and Action secrets: another tenant has another
 * port.
 */
function moveTo(domain: string, folder: ExportFolder): ExportFolder {
  if (domain === folder.domain) return folder;
  const pattern = new RegExp(`(?<![\\w.-])${folder.domain.replaceAll(".", "\\.")}(?!\\d)`, "g");
  const move = <Value>(value: Value): Value => {
    // SAFETY: a host in JSON text is replaced by another one, so what is parsed has the shape that was
    // written.
    return JSON.parse(JSON.stringify(value).replace(pattern, domain)) as Value;
  };
  return {
    domain,
    settings: move(folder.settings),
    resources: new Map([...folder.resources].map(([table, rows]) => [table, move(rows)] as const)),
    secrets: move(folder.secrets),
  };
}

/** @returns the names of the secrets that nobody knows. */
function apply(store: Store, folder: ExportFolder): string[] {
  const missing: string[] = [];
  const known = knownSecrets(store);
  for (const kind of RESOURCE_KINDS) {
    const rows = (folder.resources.get(kind.table) ?? []).map(({ row }) => row);
    for (const row of rows) missing.push(...fillIn(kind.table, row, { ...known, ...folder.secrets }));
    const kept = rowsOf(store, kind.table).filter((row) => stays(store, kind, row, folder, rows));
    const stored = rows.map((row) => storedRow(addressOf(store.domain), kind.table, row));
    // SAFETY: checkImport has looked at what the tenant relies on in these rows.
    (store.tables[kind.table] as unknown as Table<Row>).replaceAll([...kept, ...stored]);
  }
  // SAFETY: readExport has checked that the flags are there.
  store.settings = storedSettings(addressOf(store.domain), folder.settings as TenantSettings);
  return missing;
}

/**
 * What is not exported stays: what every tenant has by itself, and the older versions of an Action that is
 * still there.
 */
function stays(
  store: Store,
  kind: ResourceKind,
  row: Row,
  folder: ExportFolder,
  rows: readonly Row[],
): boolean {
  if (isBuiltIn(store, kind.table, row)) return true;
  if (kind.table !== "actionVersions" || rows.some((other) => other["id"] === row["id"])) return false;
  return (folder.resources.get("actions") ?? []).some((action) => action.row["id"] === row["action_id"]);
}

function knownSecrets(store: Store): Secrets {
  const secrets: Record<string, string> = {};
  for (const { table } of RESOURCE_KINDS) {
    for (const row of rowsOf(store, table)) {
      for (const { path, value } of secretsOf(table, row)) secrets[secretName(table, row, path)] = value;
    }
  }
  return secrets;
}

function fillIn(table: TableName, row: Row, secrets: Secrets): string[] {
  const missing: string[] = [];
  for (const { path, value } of secretsOf(table, row)) {
    if (value !== LEFT_OUT) continue;
    const name = secretName(table, row, path);
    const made = table === "clients" ? createIds().alphanumeric(64) : undefined;
    setSecret(table, row, path, secrets[name] ?? made);
    if (secrets[name] === undefined) missing.push(name);
  }
  return missing;
}

function report(directory: string, folder: ExportFolder, missing: readonly string[]): string {
  const count = [...folder.resources.values()].reduce((sum, rows) => sum + rows.length, 0);
  const made = missing.filter((name) => name.startsWith("clients/"));
  const unknown = missing.filter((name) => !name.startsWith("clients/"));
  return [
    `Read ${count} resources from ${directory}; the tenant is ${folder.domain}.`,
    ...(made.length > 0 ? [`New secrets were made for: ${made.join(", ")}.`] : []),
    ...(unknown.length > 0
      ? [`Set these secrets again, since the export does not hold them: ${unknown.join(", ")}.`]
      : []),
    "",
  ].join("\n");
}
