import type { FastifyReply, FastifyRequest } from "fastify";
import { sendError, sendToApplication } from "../web/answer.ts";
import { issueCode } from "../sessions/codes.ts";
import type { Grant } from "../sessions/grant.ts";
import { grantedScopes } from "../post-login/granted-scopes.ts";
import type { TenantContext } from "../context.ts";
import type { ClientEntity, ConnectionEntity, UserEntity } from "../store/entities.ts";
import { clearSessionHandle, ensureBrowserId, sessionHandle } from "../web/cookies.ts";
import type { HttpFacts } from "../post-login/event.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import { runPostLogin } from "../post-login/pipeline.ts";
import type { PostLoginResult } from "../post-login/pipeline.ts";
import type { Session } from "../sessions/sessions.ts";
import { beginTransaction } from "../sessions/transactions.ts";
import type { AuthorizeRequest, Resume } from "../sessions/transaction.ts";

/** A person who has proved who they are, and the request that they do so for. */
export interface ProvenSignIn {
  readonly authorize: AuthorizeRequest;
  readonly client: ClientEntity;
  readonly connection: ConnectionEntity;
  readonly user: UserEntity;
  readonly session: Session;
  readonly resume?: Resume;
}

/**
 * Runs the post-login trigger and answers: a redirect to the application with a code or an error, or to where an Action sends the
 * browser. `sent` is what came back from there.
 */
export async function completeSignIn(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: ProvenSignIn,
  sent: Partial<Pick<HttpFacts, "query" | "body">> = {},
): Promise<FastifyReply> {
  const { authorize, client, connection, user, session } = signIn;
  const audience = authorize.audience;
  const result = await runPostLogin(context, {
    client,
    connection,
    user,
    protocol: "oidc-basic-profile",
    requestedScopes: authorize.scope,
    grantedScopes: grantedScopes(context, client, user, authorize),
    ...(audience === undefined ? {} : { audience }),
    request: requestDetails(request),
    http: { ...httpFacts(request, authorize), ...sent },
    method: session.method,
    authenticatedAt: session.authenticatedAt,
    session,
    authorize,
    ...(signIn.resume === undefined ? {} : { resume: signIn.resume }),
  });
  applyToSession(context, request, reply, session, result);
  return answer(context, request, reply, signIn, result);
}

function answer(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: ProvenSignIn,
  result: PostLoginResult,
): FastifyReply {
  const { authorize, session, client, connection, user } = signIn;
  const silent = authorize.prompt.includes("none");
  if (result.status === "redirect") {
    if (silent)
      return sendError(reply, authorize, "interaction_required", "Redirect is required by an Action");
    const transaction = beginTransaction(context, ensureBrowserId(context, request, reply), authorize, {
      connectionId: connection.id,
      resume: { actionId: result.actionId, userId: user.user_id, carried: result.carried },
    });
    const url = new URL(result.url);
    url.searchParams.set("state", transaction.id);
    return reply.header("cache-control", "no-store").redirect(url.href, 302);
  }
  if (result.status !== "completed") {
    record(context, request, silent ? "fsa" : "f", signIn, result.description);
    return sendError(reply, authorize, "access_denied", result.description);
  }
  session.clients.add(client.client_id);
  record(context, request, silent ? "ssa" : "s", signIn);
  const code = issueCode(context, authorize, grantOf(signIn, result), result.refreshToken);
  return sendToApplication(reply, authorize, { code });
}

function grantOf(signIn: ProvenSignIn, result: PostLoginResult & { status: "completed" }): Grant {
  const { authorize, client, user, session, connection } = signIn;
  return {
    clientId: client.client_id,
    userId: user.user_id,
    connectionId: connection.id,
    sessionId: session.id,
    scope: result.scope,
    ...(authorize.audience === undefined ? {} : { audience: authorize.audience }),
    authenticatedAt: session.authenticatedAt,
    method: session.method,
    ...(authorize.nonce === undefined ? {} : { nonce: authorize.nonce }),
    idTokenClaims: result.idTokenClaims,
    accessTokenClaims: result.accessTokenClaims,
  };
}

/** Does to the session what Actions asked for: its end, its metadata, methods to remember. */
function applyToSession(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
  { session: changes, recordedMethods }: PostLoginResult,
): void {
  const { revoked, expiresAt, idleExpiresAt, metadata } = changes;
  if (expiresAt !== undefined) session.expiresAt = Math.min(session.expiresAt, expiresAt);
  if (idleExpiresAt !== undefined) session.idleExpiresAt = idleExpiresAt;
  if (metadata !== undefined) session.metadata = metadata;
  if (recordedMethods.length > 0) {
    session.recordedMethods = [...new Set([...(session.recordedMethods ?? []), ...recordedMethods])];
  }
  if (revoked === undefined) return;
  const { sessions, refreshTokens } = context.signIns;
  sessions.end(sessionHandle(context, request));
  sessions.endWhere((candidate) => candidate.id === session.id);
  clearSessionHandle(context, reply);
  if (!revoked.preserveRefreshTokens) {
    refreshTokens.deleteWhere((record) => record.grant.sessionId === session.id);
  }
}

function record(
  context: TenantContext,
  request: FastifyRequest,
  type: string,
  { client, connection, user, session, authorize }: ProvenSignIn,
  description?: string,
): void {
  logEvent(context, type, requestDetails(request), {
    ...(description === undefined ? {} : { description }),
    client_id: client.client_id,
    client_name: client.name,
    connection: connection.name,
    connection_id: connection.id,
    strategy: connection.strategy,
    user_id: user.user_id,
    ...(user.email === undefined ? {} : { user_name: user.email }),
    ...(authorize.audience === undefined ? {} : { audience: authorize.audience }),
    scope: authorize.scope.join(" "),
    session_id: session.id,
  });
}

function httpFacts(request: FastifyRequest, authorize: AuthorizeRequest): HttpFacts {
  const language = String(request.headers["accept-language"] ?? "").split(/[,;]/)[0];
  return {
    method: request.method,
    query: authorize.parameters,
    body: {},
    ...(language ? { language } : {}),
  };
}
