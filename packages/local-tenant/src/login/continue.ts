import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { completeSignIn } from "./complete-sign-in.ts";
import { browserId, sessionHandle } from "../web/cookies.ts";
import { parametersOf } from "../web/parameters.ts";
import { findTransaction } from "../sessions/transactions.ts";

/**
 * `/continue?state=`: the browser comes back from where an Action sent it, and the flow goes on in that
 * Action's `onContinuePostLogin` (docs
 * customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/redirect-with-actions).
 */
export async function continueSignIn(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const query = parametersOf(request.query).values;
  const body = parametersOf(request.body).values;
  const state = query["state"] ?? body["state"];
  const transaction = findTransaction(context, state, browserId(context, request));
  const session = context.signIns.sessions.use(sessionHandle(context, request), context.store.settings);
  const { tables } = context.store;
  const client = transaction && tables.clients.get(transaction.request.clientId);
  const connection = tables.connections.get(transaction?.connectionId ?? "");
  const user = session && tables.users.get(session.userId);
  // Somebody else may have signed in with this browser meanwhile, in another tab.
  const samePerson = user !== undefined && user.user_id === transaction?.resume?.userId;
  if (!transaction?.resume || !client || !connection || !session || !samePerson) {
    throw new OAuthError(
      "invalid_request",
      "There is no sign-in of this browser to continue. Go back to the application and begin again.",
    );
  }
  context.signIns.transactions.delete(transaction.id);
  return completeSignIn(
    context,
    request,
    reply,
    { authorize: transaction.request, client, connection, user, session, resume: transaction.resume },
    { query, body },
  );
}
