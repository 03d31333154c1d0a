import type { TenantContext } from "../../context.ts";
import type { ClientEntity } from "../../entities.ts";
import { isObject } from "../merge.ts";

const KEY_FIELDS = ["client_secret", "signing_keys", "encryption_key"];

/**
 * A client as it is answered. The secret and the keys are for tokens with a `*:client_keys` scope; the secret is gone while the client
 * authenticates with a key.
 */
export function viewClient(
  tenant: TenantContext,
  client: ClientEntity,
  scopes: ReadonlySet<string>,
): Record<string, unknown> {
  const { cert, pkcs7 } = tenant.keys.current();
  const { client_id, name, ...rest } = client;
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
  // So is this one's, which tools that were written for it still read (recording TestAccClientSSOIntegrationWithSAML).
  wire["cross_origin_auth"] = client["cross_origin_authentication"] ?? false;
  if (client["client_authentication_methods"] !== undefined) delete wire["client_secret"];
  if (![...scopes].some((scope) => scope.endsWith(":client_keys"))) {
    for (const field of KEY_FIELDS) delete wire[field];
  }
  return wire;
}
