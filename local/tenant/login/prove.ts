import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { ClientEntity, ConnectionEntity, UserEntity } from "../entities.ts";
import { OAuthError } from "../errors.ts";
import { sendError } from "../authentication/answer.ts";
import { completeSignIn } from "./complete.ts";
import { sessionHandle, setSessionHandle } from "./cookies.ts";
import { findEmployee } from "./directory.ts";
import { logEvent, originOf } from "./logs.ts";
import { verifyPassword } from "./passwords.ts";
import type { Session } from "./sessions.ts";
import type { Transaction } from "./transactions.ts";
import { countLogin, signInEmployee } from "./users.ts";

/** One submitted sign-in page. */
export interface Step {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly transaction: Transaction;
  readonly client: ClientEntity;
  readonly connection: ConnectionEntity;
}

/** The emulated Azure AD vouches for the picked employee. */
export async function proveEmployee(
  context: TenantContext,
  step: Step,
  email: string | undefined,
): Promise<FastifyReply> {
  const employee = email === undefined ? undefined : findEmployee(context.directory, email);
  if (employee === undefined) {
    throw new OAuthError(
      "invalid_request",
      "Nobody in the directory has this email. Pick an employee of the list.",
    );
  }
  const user = signInEmployee(context, step.connection, employee, step.request.ip);
  return proceed(context, step, user, "federated");
}

/** A password of a database connection; answers `undefined` where it is not this person's, which is logged (`fp`, `fu`). */
export async function provePassword(
  context: TenantContext,
  step: Step,
  username: string,
  password: string,
): Promise<FastifyReply | undefined> {
  const { users } = context.store.tables;
  const wanted = username.trim().toLowerCase();
  const user = users.find((candidate) => isNamed(candidate, wanted, step.connection));
  const hash = typeof user?.["password_hash"] === "string" ? user["password_hash"] : undefined;
  const right = await verifyPassword(password, hash);
  if (user === undefined || !right) {
    logEvent(context, user === undefined ? "fu" : "fp", originOf(step.request), {
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
  const { request, reply, transaction, client, connection } = step;
  context.signIns.transactions.delete(transaction.id);
  if (user.blocked === true) {
    logEvent(context, "f", originOf(request), {
      description: "user is blocked",
      client_id: client.client_id,
      connection: connection.name,
      user_id: user.user_id,
    });
    return sendError(reply, transaction.request, "unauthorized", "user is blocked");
  }
  // A new secret for each proof, and the old one ends: nobody can have planted it.
  context.signIns.sessions.end(sessionHandle(context, request));
  const handle = context.ids.secret(32);
  const now = context.now();
  const session = context.signIns.sessions.start(
    handle,
    {
      id: context.ids.alphanumeric(32),
      userId: user.user_id,
      connectionId: connection.id,
      authenticatedAt: now,
      createdAt: now,
      method,
      clients: new Set(),
    },
    context.store.settings,
  );
  setSessionHandle(context, reply, handle);
  return completeSignIn(context, request, reply, {
    authorize: transaction.request,
    client,
    connection,
    user,
    session,
  });
}
