import type { TenantContext } from "../context.ts";
import type { ConnectionEntity, UserEntity } from "../store/entities.ts";
import { OAuthError } from "../lib/errors.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import { runPostLogin } from "../post-login/pipeline.ts";
import type { PostLoginResult } from "../post-login/pipeline.ts";
import { revokeFamily } from "../sessions/codes.ts";
import type { Grant, RefreshTokenRecord } from "../sessions/grant.ts";
import { changedRecord, continueFamily, keep, refreshPolicy } from "../sessions/refresh-tokens.ts";
import type { TokenRequest } from "./token-request.ts";
import { issueTokens } from "./tokens.ts";
import type { TokenAnswer } from "./tokens.ts";

/**
 * `grant_type=refresh_token` (docs secure/tokens/refresh-tokens). The post-login trigger runs again with the
 * stored profile. With rotation each token is good once, and one that comes back after the leeway ends its
 * whole family.
 * @throws {OAuthError} 403 `invalid_grant` "Unknown or invalid refresh token."
 */
export async function exchangeRefreshToken(
  context: TenantContext,
  request: TokenRequest,
): Promise<TokenAnswer> {
  const { client, values } = request;
  const sent = values["refresh_token"];
  if (sent === undefined)
    throw new OAuthError("invalid_request", "Missing required parameter: refresh_token");
  const held = context.signIns.refreshTokens.get(sent);
  if (held === undefined || held.grant.clientId !== client.client_id) throw invalid();
  refuseReuse(context, request, held);
  const user = context.store.tables.users.get(held.grant.userId);
  const connection = context.store.tables.connections.get(held.grant.connectionId);
  if (user === undefined || connection === undefined) throw invalid();
  if (user.blocked === true) throw new OAuthError("unauthorized", "user is blocked", 401);
  const grant = await runTrigger(context, request, { sent, held }, user, connection);
  // While the Actions ran, the same token may have come a second time, or its family may have been ended.
  const current = stillHeld(context, sent, held);
  refuseReuse(context, request, current);
  const next = refreshPolicy(client).rotating ? rotate(context, request, sent, current) : undefined;
  if (next === undefined) keep(context, client, sent, current);
  const answer = await issueTokens(context, client, user, grant, held.family, next);
  stillHeld(context, sent, held);
  return answer;
}

function rotate(
  context: TenantContext,
  { client }: TokenRequest,
  sent: string,
  held: RefreshTokenRecord,
): string {
  const rotatedAt = held.rotatedAt ?? context.now();
  context.signIns.refreshTokens.change(sent, (record) => ({ ...record, rotatedAt }));
  return continueFamily(context, client, held);
}

/**
 * The token as it is now. No token may be made for a family that was ended while its token was being
 * exchanged.
 */
function stillHeld(context: TenantContext, sent: string, { family }: RefreshTokenRecord): RefreshTokenRecord {
  const current = context.signIns.refreshTokens.get(sent);
  if (current !== undefined) return current;
  revokeFamily(context, family);
  throw invalid();
}

/**
 * If a rotated token comes back after the leeway, either the sender or the first user has stolen it. So its
 * whole family ends.
 */
function refuseReuse(
  context: TenantContext,
  { client, request }: TokenRequest,
  held: RefreshTokenRecord,
): void {
  if (held.rotatedAt === undefined || context.now() < held.rotatedAt + refreshPolicy(client).leewayMs) return;
  revokeFamily(context, held.family);
  logEvent(context, "ferrt", requestDetails(request), {
    description: "Unsuccessful Refresh Token exchange, reused refresh token detected",
    client_id: client.client_id,
    user_id: held.grant.userId,
  });
  throw invalid();
}

function invalid(): OAuthError {
  return new OAuthError("invalid_grant", "Unknown or invalid refresh token.", 403);
}

async function runTrigger(
  context: TenantContext,
  { client, values, request }: TokenRequest,
  { sent, held }: { readonly sent: string; readonly held: RefreshTokenRecord },
  user: UserEntity,
  connection: ConnectionEntity,
): Promise<Grant> {
  const { grant } = held;
  const wanted = values["scope"]?.split(/\s+/);
  const scope = wanted === undefined ? grant.scope : grant.scope.filter((name) => wanted.includes(name));
  const result = await runPostLogin(context, {
    client,
    connection,
    user,
    protocol: "oauth2-refresh-token",
    requestedScopes: wanted ?? grant.scope,
    grantedScopes: scope,
    ...(grant.audience === undefined ? {} : { audience: grant.audience }),
    request: requestDetails(request),
    http: { method: "POST", query: {}, body: withoutSecrets(values) },
    method: grant.method,
    authenticatedAt: grant.authenticatedAt,
    refreshToken: {
      id: held.family,
      createdAt: held.createdAt,
      sessionId: grant.sessionId,
      rotating: refreshPolicy(client).rotating,
      ...(held.expiresAt === undefined ? {} : { expiresAt: held.expiresAt }),
      ...(held.metadata === undefined ? {} : { metadata: held.metadata }),
    },
  });
  applyToFamily(context, sent, held, result);
  if (result.status === "completed") {
    const { idTokenClaims, accessTokenClaims } = result;
    return { ...grant, scope: result.scope, idTokenClaims, accessTokenClaims };
  }
  if (result.status === "redirect") {
    throw new OAuthError(
      "access_denied",
      "An Action asked for a redirect, but a refresh has no browser.",
      403,
    );
  }
  throw new OAuthError("access_denied", result.description, 403);
}

/** Applies what Actions asked for to the refresh token and to the session it came from. */
function applyToFamily(
  context: TenantContext,
  sent: string,
  held: RefreshTokenRecord,
  { refreshToken, session }: PostLoginResult,
): void {
  context.signIns.refreshTokens.change(sent, (record) => changedRecord(record, refreshToken));
  if (refreshToken.revoked !== undefined) revokeFamily(context, held.family);
  if (session.revoked === undefined) return;
  const { sessionId } = held.grant;
  context.signIns.sessions.endWhere((candidate) => candidate.id === sessionId);
  if (session.revoked.preserveRefreshTokens) return;
  context.signIns.refreshTokens.deleteWhere((record) => record.grant.sessionId === sessionId);
}

/** `event.request.body` without what proves a client or a person. */
function withoutSecrets(values: Readonly<Record<string, string>>): Record<string, string> {
  const secret = new Set(["client_secret", "client_assertion", "refresh_token"]);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secret.has(name)));
}
