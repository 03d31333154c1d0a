import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { HttpFacts } from "../post-login/event.ts";
import type { PostLoginResult } from "../post-login/pipeline.ts";
import { issueCode } from "../sessions/codes.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import type { Session } from "../sessions/sessions.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import { beginTransaction } from "../sessions/transactions.ts";
import { redirectTo } from "../web/answer.ts";
import { sendError, sendToApplication } from "../web/answer.ts";
import { clearSessionHandle, ensureBrowserId, sessionHandle } from "../web/cookies.ts";
import { grantOf, runTrigger } from "./proven.ts";
import type { ProvenSignIn } from "./proven.ts";

/**
 * Runs the post-login trigger and answers: a redirect to the application with a code or an error, or to where
 * an Action sends the browser. `sent` is what came back from there.
 */
export async function completeSignIn(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: ProvenSignIn,
  sent: Partial<Pick<HttpFacts, "query" | "body">> = {},
): Promise<FastifyReply> {
  const { authorize, session } = signIn;
  const result = await runTrigger(context, signIn, {
    request: requestDetails(request),
    http: { ...httpFacts(request, authorize), ...sent },
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
    return redirectTo(reply, url.href);
  }
  if (result.status !== "completed") {
    record(context, request, silent ? "fsa" : "f", signIn, result.description);
    return sendError(reply, authorize, "access_denied", result.description);
  }
  context.signIns.sessions.change(session.id, (known) => {
    return { ...known, clients: new Set([...known.clients, client.client_id]) };
  });
  record(context, request, silent ? "ssa" : "s", signIn);
  const code = issueCode(context, authorize, grantOf(signIn, result), result.refreshToken);
  return sendToApplication(reply, authorize, { code });
}

/** Applies to the session what Actions asked for: its end, its metadata and methods to remember. */
function applyToSession(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
  { session: changes, recordedMethods }: PostLoginResult,
): void {
  const { revoked, expiresAt, idleExpiresAt, metadata } = changes;
  context.signIns.sessions.change(session.id, (known) => ({
    ...known,
    ...(expiresAt !== undefined && { expiresAt: Math.min(known.expiresAt, expiresAt) }),
    ...(idleExpiresAt !== undefined && { idleExpiresAt }),
    ...(metadata !== undefined && { metadata }),
    ...(recordedMethods.length > 0 && {
      recordedMethods: [...new Set([...(known.recordedMethods ?? []), ...recordedMethods])],
    }),
  }));
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
