import type { TenantContext } from "../context.ts";
import type { ClientEntity, ConnectionEntity } from "../store/entities.ts";

/** The connections that are enabled for an application, in the order in which they were made. */
export function connectionsOf(context: TenantContext, client: ClientEntity): ConnectionEntity[] {
  return context.store.tables.connections.list((connection) => isEnabled(connection, client));
}

/** Whether an application may use a connection: by name, or as a third-party one of the whole domain. */
export function isEnabled(connection: ConnectionEntity, client: ClientEntity): boolean {
  const ofDomain = connection["is_domain_connection"] === true && client.is_first_party === false;
  return ofDomain || connection.enabled_clients.includes(client.client_id);
}

/** The enterprise connection that an email's domain belongs to (home-realm discovery by `domain_aliases`). */
export function connectionForEmail(
  connections: readonly ConnectionEntity[],
  email: string,
): ConnectionEntity | undefined {
  const domain = email.trim().toLowerCase().split("@")[1];
  if (domain === undefined) return undefined;
  return connections.find(({ options }) => {
    const aliases = Array.isArray(options["domain_aliases"]) ? (options["domain_aliases"] as unknown[]) : [];
    return [options["tenant_domain"], ...aliases].some(
      (alias) => typeof alias === "string" && alias.toLowerCase() === domain,
    );
  });
}
