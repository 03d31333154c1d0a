import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import { parametersOf } from "../web/parameters.ts";
import { authenticateClient } from "./client-authentication.ts";
import type { AuthenticatedClient } from "./client-authentication.ts";
import type { TokenRequest } from "./token-request.ts";
import { exchangeClientCredentials } from "./client-credentials.ts";
import { exchangeCode } from "./code-exchange.ts";
import { exchangeRefreshToken } from "./refresh.ts";

interface GrantType {
  readonly exchange: (context: TenantContext, request: TokenRequest) => Promise<object>;
  /** Log types of success and failure. */
  readonly success: string;
  readonly failure: string;
}

const GRANTS: Readonly<Record<string, GrantType>> = {
  authorization_code: { exchange: exchangeCode, success: "seacft", failure: "feacft" },
  refresh_token: { exchange: exchangeRefreshToken, success: "sertft", failure: "fertft" },
  client_credentials: { exchange: exchangeClientCredentials, success: "seccft", failure: "feccft" },
};

/** Grant types that production has and this tenant has not. */
const NOT_BUILT = new Set([
  "password",
  "http://auth0.com/oauth/grant-type/password-realm",
  "http://auth0.com/oauth/grant-type/passwordless/otp",
  "http://auth0.com/oauth/grant-type/mfa-oob",
  "http://auth0.com/oauth/grant-type/mfa-otp",
  "http://auth0.com/oauth/grant-type/mfa-recovery-code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:openid:params:grant-type:ciba",
]);

/**
 * `POST /oauth/token` (docs api/authentication), with a form or a JSON body. Its answers are never stored.
 */
export async function token(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply
    .header("cache-control", "no-store")
    .header("pragma", "no-cache")
    .header("x-content-type-options", "nosniff");
  const { values, repeated } = parametersOf(request.body);
  const grantType = values["grant_type"];
  const again = repeated[0];
  if (again !== undefined)
    throw new OAuthError("invalid_request", `Parameter ${again} may be given only once`);
  if (grantType === undefined)
    throw new OAuthError("invalid_request", "Missing required parameter: grant_type");
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  const failure = grant?.failure ?? "f";
  try {
    const authenticated = await authenticateClient(context, request.headers.authorization, values);
    request.clientId = authenticated.client.client_id;
    allowGrantType(authenticated, grantType, grant);
    const answer = await grant?.exchange(context, { ...authenticated, values, request });
    record(context, request, grant?.success ?? "s", authenticated.client.client_id);
    return await reply.send(answer);
  } catch (error) {
    if (error instanceof OAuthError) {
      record(context, request, failure, values["client_id"], error.message);
    }
    throw error;
  }
}

function allowGrantType(
  { client }: AuthenticatedClient,
  grantType: string,
  grant: GrantType | undefined,
): void {
  if (grant === undefined && !NOT_BUILT.has(grantType)) {
    throw new OAuthError("unsupported_grant_type", `Unsupported grant type: ${grantType}`, 403);
  }
  if (client.grant_types?.includes(grantType) !== true) {
    throw new OAuthError("unauthorized_client", `Grant type '${grantType}' not allowed for the client.`, 403);
  }
  if (grant === undefined) {
    throw new OAuthError("unsupported_grant_type", `The local tenant does not have ${grantType}`, 501);
  }
}

function record(
  context: TenantContext,
  request: FastifyRequest,
  type: string,
  clientId: string | undefined,
  description?: string,
): void {
  const client = context.store.tables.clients.get(request.clientId ?? clientId ?? "");
  logEvent(context, type, requestDetails(request), {
    ...(description === undefined ? {} : { description }),
    ...(client === undefined ? {} : { client_id: client.client_id, client_name: client.name }),
  });
}
