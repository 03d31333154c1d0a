import type { ClientEntity, ConnectionEntity, ResourceServerEntity } from "./entities.ts";
import type { Store } from "./state.ts";

/** Every client that somebody made: all but the global one, which is the tenant's own. */
export function applicationsOf(store: Store): ClientEntity[] {
  return store.tables.clients.list(({ global }) => global !== true);
}

/** The application with this client id or, where none has it, of this name. */
export function findApplication(store: Store, wanted: string): ClientEntity | undefined {
  const applications = applicationsOf(store);
  return (
    applications.find(({ client_id }) => client_id === wanted) ??
    applications.find(({ name }) => name === wanted)
  );
}

export function connectionNamed(store: Store, name: string | undefined): ConnectionEntity | undefined {
  return store.tables.connections.find((connection) => connection.name === name);
}

/** The API that an access token's audience or a grant names. */
export function apiNamed(store: Store, identifier: unknown): ResourceServerEntity | undefined {
  return store.tables.resourceServers.find((api) => api.identifier === identifier);
}
