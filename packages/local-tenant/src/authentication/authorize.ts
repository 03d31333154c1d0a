import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { connectionForEmail, connectionsOf } from "../directory/enabled-connections.ts";
import { OAuthError } from "../lib/errors.ts";
import { completeSignIn } from "../login/complete-sign-in.ts";
import { vouchedEmployee } from "../login/directory-sessions.ts";
import { signInFromDirectory } from "../login/prove.ts";
import { warmUpPostLogin } from "../post-login/pipeline.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import type { Session } from "../sessions/sessions.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import { beginTransaction } from "../sessions/transactions.ts";
import type { ClientEntity, ConnectionEntity, UserEntity } from "../store/entities.ts";
import { connectionNamed } from "../store/find-by-name.ts";
import { redirectTo } from "../web/answer.ts";
import { sendError } from "../web/answer.ts";
import { ensureBrowserId, sessionHandle } from "../web/cookies.ts";
import { sendErrorPage } from "../web/pages.ts";
import { parametersOf } from "../web/parameters.ts";
import { AuthorizeRefusal, readAuthorizeRequest } from "./authorize-request.ts";

/**
 * `/authorize` (docs api/authentication/authorization-code-flow-with-pkce/authorize-with-pkce): answers at
 * once where the browser has a session that will do, and sends it to the sign-in page where it must prove who
 * it is.
 */
export async function authorize(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const parameters = parametersOf(request.method === "POST" ? request.body : request.query);
  const { client_id } = parameters.values;
  try {
    const read = readAuthorizeRequest(context, parameters);
    return await proceed(context, request, reply, read.client, read.authorize);
  } catch (error) {
    const failed = { description: (error as Error).message, ...(client_id ? { client_id } : {}) };
    if (error instanceof AuthorizeRefusal) {
      const silent = parameters.values["prompt"] === "none";
      logEvent(context, silent ? "fsa" : "f", requestDetails(request), failed);
      return sendError(reply, error.target, error.error, error.message);
    }
    if (error instanceof OAuthError) {
      logEvent(context, "f", requestDetails(request), failed);
      return sendErrorPage(reply, error);
    }
    throw error;
  }
}

async function proceed(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  client: ClientEntity,
  authorize: AuthorizeRequest,
): Promise<FastifyReply> {
  const enabled = connectionsOf(context, client);
  const connection = chooseConnection(context, enabled, authorize);
  const signedIn = findSession(context, request, enabled, authorize);
  if (signedIn !== undefined) {
    return completeSignIn(context, request, reply, { authorize, client, ...signedIn });
  }
  if (authorize.prompt.includes("none")) {
    throw new AuthorizeRefusal(authorize, "login_required", "Login required");
  }
  // Auth0 does not force the directory to ask again (docs authenticate/login/max-age-reauthentication).
  const employee = connection && vouchedEmployee(context, request, connection, authorize);
  if (connection !== undefined && employee !== undefined) {
    return signInFromDirectory(context, { request, reply, authorize, client, connection }, employee);
  }
  warmUpPostLogin(context);
  const transaction = beginTransaction(
    context,
    ensureBrowserId(context, request, reply),
    authorize,
    connection === undefined ? {} : { connectionId: connection.id },
  );
  const page = `/u/login?${new URLSearchParams({ state: transaction.id }).toString()}`;
  return redirectTo(reply, page);
}

/**
 * The connection that was asked for, the one of the hinted email's domain, or the only one; else the person
 * chooses.
 */
function chooseConnection(
  context: TenantContext,
  enabled: readonly ConnectionEntity[],
  authorize: AuthorizeRequest,
): ConnectionEntity | undefined {
  const wanted = authorize.connection;
  if (wanted !== undefined) {
    const found = enabled.find((connection) => connection.name === wanted);
    if (found !== undefined) return found;
    const exists = connectionNamed(context.store, wanted);
    const why = exists === undefined ? "the connection was not found" : "the connection was disabled";
    throw new AuthorizeRefusal(authorize, "invalid_request", why);
  }
  if (enabled.length === 0) {
    throw new AuthorizeRefusal(authorize, "invalid_request", "no connections enabled for the client");
  }
  const hinted = authorize.loginHint && connectionForEmail(enabled, authorize.loginHint);
  return hinted || (enabled.length === 1 ? enabled[0] : undefined);
}

/** The browser's session, where the request allows it to be used. */
function findSession(
  context: TenantContext,
  request: FastifyRequest,
  enabled: readonly ConnectionEntity[],
  authorize: AuthorizeRequest,
): { session: Session; connection: ConnectionEntity; user: UserEntity } | undefined {
  if (authorize.prompt.includes("login") || authorize.prompt.includes("select_account")) return undefined;
  const session = context.signIns.sessions.use(sessionHandle(context, request), context.store.settings);
  if (session === undefined) return undefined;
  if (authorize.maxAge !== undefined && isOlder(context, session, authorize.maxAge)) return undefined;
  const connection = enabled.find(({ id }) => id === session.connectionId);
  const user = context.store.tables.users.get(session.userId);
  if (connection === undefined || user === undefined || user.blocked === true) return undefined;
  if (authorize.connection !== undefined && authorize.connection !== connection.name) return undefined;
  return { session, connection, user };
}

/** With 0, no session is young enough (OpenID Connect Core section 3.1.2.1). */
function isOlder(context: TenantContext, session: Session, maxAge: number): boolean {
  const age = (context.now() - session.authenticatedAt) / 1000;
  return maxAge === 0 || age > maxAge;
}
