import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { shownText } from "../store/own-address.ts";
import { findApi } from "../post-login/granted-scopes.ts";
import { defaultAudience } from "./default-audience.ts";
import type { TokenRequest } from "./token-request.ts";
import { times } from "./tokens.ts";

/**
 * `grant_type=client_credentials` (docs api/authentication/client-credential-flow/get-token): a JWT for the
 * API of a client grant, with its scopes or those of them that were asked for.
 * @throws {OAuthError} 403 `access_denied` without a grant for the audience.
 */
export async function exchangeClientCredentials(
  context: TenantContext,
  { client, proof, values }: TokenRequest,
): Promise<object> {
  if (proof === "none") throw new OAuthError("access_denied", "Unauthorized", 401);
  if (values["organization"] !== undefined) {
    throw new OAuthError("invalid_request", "parameter organization is not allowed for this client");
  }
  const audience = values["audience"] ?? defaultAudience(context);
  if (audience === undefined) {
    throw new OAuthError("access_denied", "Non-global clients are not allowed access to APIv1", 403);
  }
  const api = findApi(context, audience);
  if (api === undefined) {
    throw new OAuthError("access_denied", `Service not enabled within domain: ${audience}`, 403);
  }
  const grants = context.store.tables.clientGrants.by("client", client.client_id);
  const grant = grants.find((row) => row.audience === api.identifier && row["subject_type"] !== "user");
  if (grant === undefined) {
    throw new OAuthError(
      "access_denied",
      `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. ` +
        "See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
      403,
    );
  }
  const granted =
    grant["allow_all_scopes"] === true ? (api.scopes ?? []).map(({ value }) => value) : grant.scope;
  const scope = chosenScopes(granted, values["scope"]).join(" ");
  const seconds = typeof api["token_lifetime"] === "number" ? api["token_lifetime"] : 86_400;
  const accessToken = await context.keys.sign({
    iss: context.issuer,
    sub: `${client.client_id}@clients`,
    aud: shownText(context, api.identifier),
    ...times(context, seconds),
    ...(scope === "" ? {} : { scope }),
    gty: "client-credentials",
    azp: client.client_id,
  });
  return {
    access_token: accessToken,
    ...(scope === "" ? {} : { scope }),
    expires_in: seconds,
    token_type: "Bearer",
  };
}

function chosenScopes(granted: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return granted;
  const names = wanted.split(/\s+/).filter((name) => name !== "");
  const missing = names.filter((name) => !granted.includes(name));
  if (missing.length > 0) {
    throw new OAuthError("access_denied", `Client has not been granted scopes: ${missing.join(", ")}`, 403);
  }
  return names;
}
