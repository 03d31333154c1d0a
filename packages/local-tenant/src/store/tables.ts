import type {
  ActionEntity,
  ActionVersionEntity,
  BindingEntity,
  ClientCredentialEntity,
  ClientEntity,
  ClientGrantEntity,
  ConnectionEntity,
  DocumentEntity,
  LogEntity,
  ResourceServerEntity,
  RoleEntity,
  SigningKeyEntity,
  UserEntity,
} from "./entities.ts";
import { INDEXES } from "./indexes.ts";
import { Table } from "./table.ts";
import type { Journal } from "./table.ts";

/** Every table of a tenant, by the name that it has in the files. */
export type Tables = ReturnType<typeof createTables>;
/** Name of a table, as the files have it too. */
export type TableName = keyof Tables;

/**
 * Empty tables.
 * @param journal Hears of their changes.
 */
export function createTables(journal?: Journal) {
  return {
    clients: new Table((row: ClientEntity) => row.client_id, journal, INDEXES.clients),
    clientCredentials: new Table((row: ClientCredentialEntity) => row.id, journal, INDEXES.clientCredentials),
    clientGrants: new Table((row: ClientGrantEntity) => row.id, journal, INDEXES.clientGrants),
    connections: new Table((row: ConnectionEntity) => row.id, journal, INDEXES.connections),
    resourceServers: new Table((row: ResourceServerEntity) => row.id, journal, INDEXES.resourceServers),
    actions: new Table<ActionEntity>((row) => row.id, journal),
    actionVersions: new Table((row: ActionVersionEntity) => row.id, journal, INDEXES.actionVersions),
    bindings: new Table((row: BindingEntity) => row.id, journal, INDEXES.bindings),
    roles: new Table((row: RoleEntity) => row.id, journal, INDEXES.roles),
    users: new Table((row: UserEntity) => row.user_id, journal, INDEXES.users),
    signingKeys: new Table<SigningKeyEntity>((row) => row.kid, journal),
    logs: new Table((row: LogEntity) => row.log_id, journal, INDEXES.logs),
    documents: new Table<DocumentEntity>((row) => row.path, journal),
  };
}

/** These very tables; but of what is changed by way of the answer, another journal hears. */
export function heardBy(journal: Journal, tables: Tables): Tables {
  const heard: Record<string, unknown> = {};
  for (const [name, table] of Object.entries(tables)) heard[name] = table.heardBy(journal);
  // SAFETY: each name has a table of the same rows as before.
  return heard as unknown as Tables;
}
