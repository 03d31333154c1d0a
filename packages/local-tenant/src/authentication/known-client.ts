import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import type { ClientEntity } from "../store/entities.ts";

/**
 * The client that a request names by its id.
 * @throws {OAuthError} 400 `invalid_request` where it names none, or one that the tenant does not have.
 */
export function knownClient(context: TenantContext, clientId: string | undefined): ClientEntity {
  if (clientId === undefined)
    throw new OAuthError("invalid_request", "Missing required parameter: client_id");
  const client = context.store.tables.clients.get(clientId);
  if (client === undefined) throw new OAuthError("invalid_request", `Unknown client: ${clientId}`);
  return client;
}
