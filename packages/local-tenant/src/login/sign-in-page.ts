import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { ClientEntity, ConnectionEntity } from "../store/entities.ts";
import { OAuthError } from "../lib/errors.ts";
import { chooserPage } from "./chooser.ts";
import { connectionsOf } from "../directory/enabled-connections.ts";
import { browserId } from "../web/cookies.ts";
import type { Html } from "../web/html.ts";
import { directoryBehind } from "../directory/directory.ts";
import { rememberedEmployee } from "./directory-sessions.ts";
import { refuseForeignForms } from "../web/own-forms.ts";
import { sendPage } from "../web/pages.ts";
import { parametersOf } from "../web/parameters.ts";
import { passwordPage } from "./password-page.ts";
import { pickerPage } from "./picker.ts";
import { proveEmployee, provePassword } from "./prove.ts";
import { findTransaction } from "../sessions/transactions.ts";
import type { Transaction } from "../sessions/transaction.ts";

/** `GET /u/login`: the page of the sign-in that `state` names. */
export async function showSignInPage(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { values } = parametersOf(request.query);
  const { transaction, client } = ownTransaction(context, request, values["state"]);
  const enabled = connectionsOf(context, client);
  const wanted = enabled.find((connection) => connection.name === values["connection"]);
  if (wanted !== undefined) {
    context.signIns.transactions.change(transaction.id, (known) => ({ ...known, connectionId: wanted.id }));
  }
  const connection = wanted ?? enabled.find(({ id }) => id === transaction.connectionId);
  if (connection === undefined) {
    return sendSignIn(reply, client, pickerPage(transaction, enabled, client.name));
  }
  return showConnection(context, { request, reply, transaction, client, connection }, values);
}

/** `POST /u/login`: an employee was picked, or a password sent. */
export async function submitSignInPage(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  refuseForeignForms(context, request);
  const { values } = parametersOf(request.body);
  const { transaction, client } = ownTransaction(context, request, values["state"]);
  const connection = connectionsOf(context, client).find(({ id }) => id === transaction.connectionId);
  if (connection === undefined) {
    throw new OAuthError("invalid_request", "No connection was chosen, or it is no longer enabled.");
  }
  const { id: transactionId, request: authorize } = transaction;
  const step = { request, reply, authorize, transactionId, client, connection };
  if (connection.strategy === "waad") return proveEmployee(context, step, values["employee"]);
  const username = values["username"] ?? "";
  const answered = await provePassword(context, step, username, values["password"] ?? "");
  if (answered !== undefined) return answered;
  const page = passwordPage(transaction, connection, client.name, "Wrong email or password.", username);
  return sendSignIn(reply, client, page, 400);
}

interface Shown {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly transaction: Transaction;
  readonly client: ClientEntity;
  readonly connection: ConnectionEntity;
}

function showConnection(
  context: TenantContext,
  { request, reply, transaction, client, connection }: Shown,
  values: Readonly<Record<string, string>>,
): FastifyReply {
  if (connection.strategy === "waad") {
    const directory = directoryBehind(context.directory, connection);
    const filter = values["q"]?.slice(0, 100) ?? "";
    const signedIn = rememberedEmployee(context, request, connection);
    const page = chooserPage(directory, transaction, connection, client.name, filter, signedIn);
    return sendSignIn(reply, client, page);
  }
  if (connection.strategy === "auth0") {
    const hint = transaction.request.loginHint ?? "";
    return sendSignIn(reply, client, passwordPage(transaction, connection, client.name, undefined, hint));
  }
  throw new OAuthError(
    "invalid_request",
    `The local tenant signs people in with waad and auth0 connections; ${connection.name} is ${connection.strategy}.`,
    501,
  );
}

function sendSignIn(reply: FastifyReply, client: ClientEntity, body: Html, status = 200): FastifyReply {
  return sendPage(reply, { title: `Sign in to ${client.name}`, body, status });
}

/** The sign-in of `state`, if this very browser began it, and its application. */
function ownTransaction(
  context: TenantContext,
  request: FastifyRequest,
  state: string | undefined,
): { transaction: Transaction; client: ClientEntity } {
  const transaction = findTransaction(context, state, browserId(context, request));
  const client = transaction && context.store.tables.clients.get(transaction.request.clientId);
  if (transaction === undefined || client === undefined || transaction.resume !== undefined) {
    throw new OAuthError(
      "invalid_request",
      "This sign-in is unknown to this browser, has ended or has expired. Go back to the application and begin again.",
    );
  }
  return { transaction, client };
}
