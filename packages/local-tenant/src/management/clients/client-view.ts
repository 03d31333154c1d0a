import type { TenantContext } from "../../context.ts";
import type { ClientEntity } from "../../store/entities.ts";
import { shownRow } from "../../store/own-address.ts";
import { isObject } from "../merge.ts";

/**
 * The properties that need a scope for keys or credentials, as docs
 * api/management/v2/clients/get-clients-by-id names them.
 */
const KEY_FIELDS = ["client_secret", "client_authentication_methods", "signing_keys", "encryption_key"];
/** Scopes that show those properties. One that only updates keys does not. */
const KEY_SCOPES = ["read:client_keys", "read:client_credentials"];
/** What any of the reading scopes shows. */
const SUMMARY_FIELDS = ["client_id", "app_type", "name", "description"];
/** Scopes that show the other properties, which are neither keys nor the summary. */
const SETTINGS_SCOPES = ["read:clients", "read:client_keys"];

/** A client as a caller with these scopes reads it. */
export function viewClient(
  tenant: TenantContext,
  client: ClientEntity,
  scopes: ReadonlySet<string>,
): Record<string, unknown> {
  const keys = KEY_SCOPES.some((scope) => scopes.has(scope));
  const settings = SETTINGS_SCOPES.some((scope) => scopes.has(scope));
  const visible = Object.entries(viewWholeClient(tenant, client)).filter(([key]) => {
    if (SUMMARY_FIELDS.includes(key)) return true;
    return KEY_FIELDS.includes(key) ? keys : settings;
  });
  return Object.fromEntries(visible);
}

/**
 * A client after a change, as the caller who made it sees it. A caller who may not change keys needs a
 * reading scope to see them.
 */
export function viewChangedClient(
  tenant: TenantContext,
  client: ClientEntity,
  scopes: ReadonlySet<string>,
): Record<string, unknown> {
  const shown = scopes.has("update:client_keys") ? ["read:clients", "read:client_keys"] : ["read:clients"];
  return viewClient(tenant, client, new Set([...scopes, ...shown]));
}

/**
 * A client with its keys, for the caller who has just made it. It has no secret while the client
 * authenticates with a key.
 */
export function viewWholeClient(tenant: TenantContext, client: ClientEntity): Record<string, unknown> {
  const { cert, pkcs7 } = tenant.keys.current();
  const { client_id, name, ...rest } = shownRow(tenant, "clients", client);
  const wire: Record<string, unknown> = {
    tenant: "local",
    name,
    client_id,
    ...rest,
    signing_keys: [{ cert, pkcs7, subject: "deprecated" }],
  };
  const logout = client["oidc_logout"];
  // The setting's old name is still answered beside the new one (recording TestAccClientOIDCLogout).
  if (isObject(logout)) {
    wire["oidc_backchannel_logout"] = { backchannel_logout_urls: logout["backchannel_logout_urls"] ?? [] };
  }
  // The same goes for this setting, whose old name some tools still read (recording
  // TestAccClientSSOIntegrationWithSAML).
  wire["cross_origin_auth"] = client["cross_origin_authentication"] ?? false;
  if (client["client_authentication_methods"] !== undefined) delete wire["client_secret"];
  return wire;
}
