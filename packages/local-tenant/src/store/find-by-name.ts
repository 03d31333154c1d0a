import type { TenantContext } from "../context.ts";
import type { ClientEntity, ConnectionEntity, ResourceServerEntity } from "./entities.ts";
import { storedIdentifier } from "./own-address.ts";
import type { Store } from "./state.ts";

/** Every client that somebody made: all but the global one, which is the tenant's own. */
export function applicationsOf(store: Store): ClientEntity[] {
  return store.tables.clients.list(({ global }) => global !== true);
}

/** The application with this client id or, where none has it, of this name. */
export function findApplication(store: Store, wanted: string): ClientEntity | undefined {
  const { clients } = store.tables;
  const byId = clients.get(wanted);
  if (byId !== undefined && byId.global !== true) return byId;
  return clients.by("name", wanted).find(({ global }) => global !== true);
}

export function connectionNamed(store: Store, name: string | undefined): ConnectionEntity | undefined {
  return name === undefined ? undefined : store.tables.connections.by("name", name)[0];
}

/** The API that an access token's audience, a grant or a caller names. */
export function apiNamed(context: TenantContext, identifier: unknown): ResourceServerEntity | undefined {
  if (typeof identifier !== "string") return undefined;
  const stored = storedIdentifier(context, identifier);
  return context.store.tables.resourceServers.by("identifier", stored)[0];
}
