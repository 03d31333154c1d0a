import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import type { ConnectionEntity } from "../store/entities.ts";
import { clearDirectoryHandle, directoryHandle, sessionHandle, setDirectoryHandle } from "../web/cookies.ts";
import { directoryBehind, employeeWithId, findEmployee } from "../directory/directory.ts";
import type { Employee } from "../directory/directory.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";

/** Counted since the last use: Entra ID's own default for people who did not ask to stay signed in. */
const LIFETIME_MS = 24 * 3_600_000;

/** Remembers at the directory, not at Auth0, that the employee is signed in with this browser. */
export function rememberEmployee(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  connection: ConnectionEntity,
  employee: Employee,
): void {
  const { directorySessions } = context.signIns;
  const { domain } = directoryBehind(context.directory, connection);
  // Each proof gets a new secret and ends the old one, so that nobody can plant a secret.
  const others = directorySessions.take(directoryHandle(context, request) ?? "");
  const handle = context.ids.secret(32);
  directorySessions.set(handle, new Map([...(others ?? []), [domain, employee.id]]), LIFETIME_MS);
  setDirectoryHandle(context, reply, handle);
}

/**
 * The employee who is signed in at the connection's directory with this browser, if they still work there.
 */
export function rememberedEmployee(
  context: TenantContext,
  request: FastifyRequest,
  connection: ConnectionEntity,
): Employee | undefined {
  const directory = directoryBehind(context.directory, connection);
  const session = context.signIns.directorySessions.get(directoryHandle(context, request) ?? "");
  return employeeWithId(directory, session?.get(directory.domain));
}

/**
 * The employee whom the directory vouches for without a page: the request does not ask for one and does not
 * hint at anybody else, and the browser has not logged out of Auth0 since, which takes away the cookie of its
 * session there.
 */
export function vouchedEmployee(
  context: TenantContext,
  request: FastifyRequest,
  connection: ConnectionEntity,
  authorize: AuthorizeRequest,
): Employee | undefined {
  if (connection.strategy !== "waad" || asksForPage(authorize)) return undefined;
  if (sessionHandle(context, request) === undefined) return undefined;
  const employee = rememberedEmployee(context, request, connection);
  const hint = authorize.loginHint ?? "";
  const hinted = findEmployee(directoryBehind(context.directory, connection), hint);
  if (employee === undefined || (hinted !== undefined && hinted !== employee)) return undefined;
  prolong(context, request);
  return employee;
}

function prolong(context: TenantContext, request: FastifyRequest): void {
  const handle = directoryHandle(context, request) ?? "";
  const session = context.signIns.directorySessions.get(handle);
  if (session !== undefined) context.signIns.directorySessions.set(handle, session, LIFETIME_MS);
}

/** Whether somebody is signed in at the directory with this browser. */
export function knowsBrowser(context: TenantContext, request: FastifyRequest): boolean {
  return context.signIns.directorySessions.get(directoryHandle(context, request) ?? "") !== undefined;
}

/** Ends what the directory remembers about this browser. */
export function endDirectorySession(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  context.signIns.directorySessions.delete(directoryHandle(context, request) ?? "");
  clearDirectoryHandle(context, reply);
}

/** `max_age=0` is the same as `prompt=login` (docs authenticate/login/max-age-reauthentication). */
function asksForPage({ prompt, maxAge }: AuthorizeRequest): boolean {
  return prompt.includes("login") || prompt.includes("select_account") || maxAge === 0;
}
