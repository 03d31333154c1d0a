import { addressOf, shownRow, shownSettings } from "../store/own-address.ts";
import type { Store } from "../store/state.ts";
import type { TableName } from "../store/tables.ts";

/** A row as JSON has it. */
export type Row = Record<string, unknown>;

/** A kind of resource that is exported: a folder, or for lists whose order counts, one file. */
export interface ResourceKind {
  readonly table: TableName;
  /** Name of the folder in an export. */
  readonly folder: string;
  /** The row's property that tells it from all others. */
  readonly key: string;
  /** The row's property that its file is called after. */
  readonly name: string;
}

/** What makes up a tenant's configuration, in the order in which one refers to another. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  { table: "resourceServers", folder: "resource-servers", key: "id", name: "name" },
  { table: "clients", folder: "clients", key: "client_id", name: "name" },
  { table: "clientCredentials", folder: "client-credentials", key: "id", name: "id" },
  { table: "clientGrants", folder: "client-grants", key: "id", name: "id" },
  { table: "connections", folder: "connections", key: "id", name: "name" },
  { table: "roles", folder: "roles", key: "id", name: "name" },
  { table: "actions", folder: "actions", key: "id", name: "name" },
  { table: "actionVersions", folder: "action-versions", key: "id", name: "action_id" },
  { table: "bindings", folder: "bindings", key: "id", name: "display_name" },
  { table: "documents", folder: "documents", key: "path", name: "path" },
];

/** What is not exported: what happened in the tenant, and what belongs only to this tenant. */
export const LEFT_OUT_TABLES: readonly TableName[] = ["users", "signingKeys", "logs"];

/** A tenant's configuration, apart from how it is laid out on a disk. */
export interface Configuration {
  /** Host and port of the tenant that it came from. */
  readonly domain: string;
  readonly settings: Row;
  readonly resources: ReadonlyMap<TableName, readonly Row[]>;
}

/**
 * The configuration of a tenant: all but what a tenant has by itself (its deployer, the Management API), what
 * happened in it (users, logs), its signing keys, and the Actions' versions that are not deployed. The rows
 * are copies.
 */
export function readConfiguration(store: Store): Configuration {
  const deployed = new Set(store.tables.actions.list().map((action) => action.deployed_version_id));
  const resources = RESOURCE_KINDS.map(({ table }) => {
    const rows = rowsOf(store, table)
      .filter((row) => !isBuiltIn(store, table, row))
      .filter((row) => table !== "actionVersions" || deployed.has(row["id"] as string))
      .map((row) => structuredClone(shownRow(addressOf(store.domain), table, row)));
    if (table === "connections") for (const row of rows) dropDeployer(store, row);
    return [table, rows] as const;
  });
  return {
    domain: store.domain,
    settings: structuredClone(shownSettings(addressOf(store.domain), store.settings)),
    resources: new Map(resources),
  };
}

/** The rows of a table, whatever its type. */
export function rowsOf(store: Store, table: TableName): Row[] {
  return store.tables[table].list() as unknown as Row[];
}

/** Whether every tenant has this row by itself, with an id of its own. */
export function isBuiltIn(store: Store, table: TableName, row: Row): boolean {
  if (table === "resourceServers") return row["is_system"] === true;
  if (table === "clients" || table === "clientGrants" || table === "clientCredentials") {
    return row["client_id"] === store.deployer.clientId || row["global"] === true;
  }
  return false;
}

function dropDeployer(store: Store, connection: Row): void {
  const enabled = connection["enabled_clients"];
  if (!Array.isArray(enabled)) return;
  connection["enabled_clients"] = enabled.filter((id) => id !== store.deployer.clientId);
}
