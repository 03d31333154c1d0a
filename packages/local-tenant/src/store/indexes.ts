import type {
  ActionVersionEntity,
  BindingEntity,
  ClientCredentialEntity,
  ClientEntity,
  ClientGrantEntity,
  ConnectionEntity,
  LogEntity,
  ResourceServerEntity,
  RoleEntity,
  UserEntity,
} from "./entities.ts";
import { parseUrl } from "../lib/parse-url.ts";
import { roleIdsOf } from "./user-roles.ts";

/** What rows are found by besides their key, without a look at the others. */
export const INDEXES = {
  clients: {
    name: ({ name }: ClientEntity) => [name],
    /** The API that the client stands for. */
    api: (client: ClientEntity) => texts(client["resource_server_identifier"]),
    /** Where pages of the application may be. */
    origin: ({ web_origins, allowed_origins, callbacks }: ClientEntity) => [
      ...new Set([
        ...[web_origins, allowed_origins].flatMap((list) =>
          texts(...(Array.isArray(list) ? (list as unknown[]) : [])),
        ),
        ...texts(...(callbacks ?? []).map((url) => parseUrl(url)?.origin)),
      ]),
    ],
  },
  clientCredentials: { client: ({ client_id }: ClientCredentialEntity) => [client_id] },
  clientGrants: {
    client: ({ client_id }: ClientGrantEntity) => texts(client_id),
    audience: ({ audience }: ClientGrantEntity) => [audience],
  },
  connections: { name: ({ name }: ConnectionEntity) => [name] },
  resourceServers: { identifier: ({ identifier }: ResourceServerEntity) => [identifier] },
  actionVersions: { action: ({ action_id }: ActionVersionEntity) => [action_id] },
  bindings: {
    trigger: ({ trigger_id }: BindingEntity) => [trigger_id],
    action: ({ action_id }: BindingEntity) => [action_id],
  },
  roles: { name: ({ name }: RoleEntity) => [name] },
  users: {
    /** What a person may sign in with, in lower case. */
    identifier: ({ email, username, phone_number }: UserEntity) => lower(email, username, phone_number),
    role: (user: UserEntity) => roleIdsOf(user),
  },
  logs: { user: (row: LogEntity) => texts(row["user_id"]) },
} as const;

function texts(...values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === "string");
}

function lower(...values: readonly unknown[]): string[] {
  return texts(...values).map((text) => text.toLowerCase());
}
