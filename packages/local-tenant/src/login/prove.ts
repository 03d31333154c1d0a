import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { ClientEntity, ConnectionEntity, UserEntity } from "../store/entities.ts";
import { OAuthError } from "../lib/errors.ts";
import { sendError } from "../web/answer.ts";
import { completeSignIn } from "./complete-sign-in.ts";
import { sessionHandle, setSessionHandle } from "../web/cookies.ts";
import { directoryBehind, findEmployee } from "../directory/directory.ts";
import type { Employee } from "../directory/directory.ts";
import { newSession, refusalOf } from "./proven.ts";
import { rememberEmployee } from "./directory-sessions.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import { verifyPassword } from "../directory/passwords.ts";
import type { Session } from "../sessions/sessions.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import { countLogin, signInEmployee } from "../directory/sign-in-employee.ts";

/** Somebody who is about to prove who they are, and the request for which they do so. */
export interface Step {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly authorize: AuthorizeRequest;
  /** Id of the sign-in under way, which ends with the proof; absent where no page was needed. */
  readonly transactionId?: string;
  readonly client: ClientEntity;
  readonly connection: ConnectionEntity;
}

/** The emulated Azure AD vouches for the picked employee. */
export async function proveEmployee(
  context: TenantContext,
  step: Step,
  email: string | undefined,
): Promise<FastifyReply> {
  const directory = directoryBehind(context.directory, step.connection);
  const employee = email === undefined ? undefined : findEmployee(directory, email);
  if (employee === undefined) {
    throw new OAuthError(
      "invalid_request",
      "Nobody in the directory has this email. Pick an employee from the list.",
    );
  }
  rememberEmployee(context, step.request, step.reply, step.connection, employee);
  return signInFromDirectory(context, step, employee);
}

/** The directory has vouched for an employee: what it says about them today goes into their profile. */
export function signInFromDirectory(
  context: TenantContext,
  step: Step,
  employee: Employee,
): Promise<FastifyReply> {
  const user = signInEmployee(context, step.connection, employee, step.request.ip);
  return proceed(context, step, user, "federated");
}

/**
 * A password of a database connection; answers `undefined` where it is not this person's, which is logged
 * (`fp`, `fu`).
 */
export async function provePassword(
  context: TenantContext,
  step: Step,
  username: string,
  password: string,
): Promise<FastifyReply | undefined> {
  const { users } = context.store.tables;
  const wanted = username.trim().toLowerCase();
  const user = users
    .by("identifier", wanted)
    .find((candidate) => isNamed(candidate, wanted, step.connection));
  const hash = typeof user?.["password_hash"] === "string" ? user["password_hash"] : undefined;
  const right = await verifyPassword(password, hash);
  if (user === undefined || !right) {
    logEvent(context, user === undefined ? "fu" : "fp", requestDetails(step.request), {
      description: "Wrong email or password.",
      client_id: step.client.client_id,
      client_name: step.client.name,
      connection: step.connection.name,
      connection_id: step.connection.id,
      strategy: step.connection.strategy,
      user_name: username,
      ...(user === undefined ? {} : { user_id: user.user_id }),
    });
    return undefined;
  }
  const now = new Date(context.now()).toISOString();
  const counted = users.put(countLogin({ ...user, updated_at: now }, step.request.ip, now));
  return proceed(context, step, counted, "pwd");
}

function isNamed(user: UserEntity, name: string, connection: ConnectionEntity): boolean {
  if (!user.identities.some((identity) => identity.connection === connection.name)) return false;
  const names = [user.email, user["username"]];
  return names.some((candidate) => typeof candidate === "string" && candidate.toLowerCase() === name);
}

/** Begins a session and goes on to the post-login trigger. */
async function proceed(
  context: TenantContext,
  step: Step,
  user: UserEntity,
  method: Session["method"],
): Promise<FastifyReply> {
  const { request, reply, authorize, transactionId, client, connection } = step;
  if (transactionId !== undefined) context.signIns.transactions.delete(transactionId);
  const description = refusalOf(user);
  if (description !== undefined) {
    logEvent(context, "f", requestDetails(request), {
      description,
      client_id: client.client_id,
      connection: connection.name,
      user_id: user.user_id,
    });
    return sendError(reply, authorize, "unauthorized", description);
  }
  // Each proof gets a new secret and ends the old one, so that nobody can plant a secret.
  context.signIns.sessions.end(sessionHandle(context, request));
  const handle = context.ids.secret(32);
  const session = newSession(context, user, connection, method);
  context.signIns.sessions.keep(handle, session, context.store.settings);
  setSessionHandle(context, reply, handle);
  return completeSignIn(context, request, reply, {
    authorize,
    client,
    connection,
    user,
    session,
  });
}
