import { randomBytes } from "node:crypto";
import type { TenantContext } from "../context.ts";
import { connectionsOf } from "../directory/enabled-connections.ts";
import { directoryBehind, findEmployee, groupsOf } from "../directory/directory.ts";
import type { Employee } from "../directory/directory.ts";
import { directoryIdentity } from "../directory/profile.ts";
import { signInEmployee } from "../directory/sign-in-employee.ts";
import { OAuthError } from "../lib/errors.ts";
import { grantOf, newSession, refusalOf, runTrigger } from "../login/proven.ts";
import type { ProvenSignIn } from "../login/proven.ts";
import { eventUser } from "../post-login/event.ts";
import type { Trace } from "../sessions/traces.ts";
import type { AuthorizeRequest } from "../sessions/transaction.ts";
import type { ClientEntity, ConnectionEntity } from "../store/entities.ts";
import { AuthorizeRefusal, readAuthorizeRequest } from "./authorize-request.ts";
import { makeTokens } from "./tokens.ts";

/** What a sign-in over HTTP would result in. */
export interface Evaluation {
  /** Name of the connection. */
  readonly connection: string;
  /** `redirect`: an Action sends the browser away; what comes back from there is not known. */
  readonly status: "completed" | "denied" | "failed" | "redirect";
  /** Why the sign-in did not complete, or where the browser was sent. */
  readonly reason?: string;
  /** The id of the profile, which is the `sub` of the tokens. */
  readonly sub: string;
  /**
   * Names of the employee's groups in the directory, with those above them where the connection asks for
   * nested ones.
   */
  readonly directoryGroups: readonly string[];
  /** Bytes of the profile as the Actions saw it, as JSON. */
  readonly profileBytes: number;
  /**
   * Present after a sign-in with the scope `openid`. Claims that Actions set are in it, and those of the
   * scopes.
   */
  readonly idToken?: EvaluatedToken;
  /** Present after a sign-in; without claims where it is opaque, because no API was asked for. */
  readonly accessToken?: Partial<EvaluatedToken> & Pick<EvaluatedToken, "bytes">;
  /** Absent where the request itself was refused, before any Action ran. */
  readonly trace?: Trace;
}

/** A token as it would be, without its signature. */
export interface EvaluatedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Of the signed token. */
  readonly bytes: number;
}

/** What the application asks for. */
export interface EvaluatedRequest {
  readonly scope?: string;
  readonly audience?: string;
}

/** Where such a request comes from: this machine, as in a sign-in over HTTPS. */
const ORIGIN = { ip: "127.0.0.1", userAgent: "", hostname: "localhost" };

/**
 * Evaluations of one profile run one after another, because each must find the profile as the tenant keeps
 * it.
 */
const underWay = new WeakMap<TenantContext, Map<string, Promise<unknown>>>();

/**
 * The connections by which an employee can reach an application: those that are enabled and whose directory
 * has them.
 */
export function waysOf(
  context: TenantContext,
  client: ClientEntity,
  email: string,
): { connection: ConnectionEntity; employee: Employee }[] {
  return connectionsOf(context, client).flatMap((connection) => {
    if (connection.strategy !== "waad") return [];
    const employee = findEmployee(directoryBehind(context.directory, connection), email);
    return employee === undefined ? [] : [{ connection, employee }];
  });
}

/**
 * Everything in a sign-in between the employee and the tokens: the profile from the directory, the Actions
 * in their process, the rules for claims, the tokens. The tenant stays as it was: no session, code, token,
 * log row or profile is kept, only the trace.
 */
export async function evaluate(
  context: TenantContext,
  client: ClientEntity,
  { connection, employee }: { connection: ConnectionEntity; employee: Employee },
  request: EvaluatedRequest,
): Promise<Evaluation> {
  const sub = `waad|${directoryIdentity(employee, connection)}`;
  const waiting = underWay.get(context) ?? new Map<string, Promise<unknown>>();
  underWay.set(context, waiting);
  const before = waiting.get(sub) ?? Promise.resolve();
  const run = before.then(() => evaluateAlone(context, client, { connection, employee, sub }, request));
  const settled = run.then(
    () => undefined,
    () => undefined,
  );
  waiting.set(sub, settled);
  try {
    return await run;
  } finally {
    if (waiting.get(sub) === settled) waiting.delete(sub);
  }
}

async function evaluateAlone(
  context: TenantContext,
  client: ClientEntity,
  who: { connection: ConnectionEntity; employee: Employee; sub: string },
  request: EvaluatedRequest,
): Promise<Evaluation> {
  const { connection, employee, sub } = who;
  const { users } = context.store.tables;
  const nested = connection.options["ext_nested_groups"] === true;
  const groups = groupsOf(directoryBehind(context.directory, connection), employee, { nested });
  const head = { connection: connection.name, sub, directoryGroups: groups.map(({ name }) => name) };
  let authorize: AuthorizeRequest;
  try {
    ({ authorize } = readAuthorizeRequest(context, parametersFor(client, who, request)));
  } catch (error) {
    if (!(error instanceof AuthorizeRefusal || error instanceof OAuthError)) throw error;
    return { ...head, status: "failed", reason: error.message, profileBytes: 0 };
  }
  const kept = users.get(sub);
  try {
    const user = signInEmployee(context, connection, employee, ORIGIN.ip);
    const profileBytes = Buffer.byteLength(JSON.stringify(eventUser(user)));
    const refusal = refusalOf(user);
    if (refusal !== undefined) return { ...head, status: "denied", reason: refusal, profileBytes };
    const session = newSession(context, user, connection, "federated");
    const signIn = { authorize, client, connection, user, session };
    return { ...head, profileBytes, ...(await signInAs(context, signIn)) };
  } finally {
    if (kept === undefined) users.delete(sub);
    else users.put(kept);
  }
}

async function signInAs(
  context: TenantContext,
  signIn: ProvenSignIn,
): Promise<Pick<Evaluation, "status" | "reason" | "trace" | "idToken" | "accessToken">> {
  const http = { method: "POST", query: signIn.authorize.parameters, body: {} };
  const result = await runTrigger(context, signIn, { request: ORIGIN, http });
  const { status, trace } = result;
  const { reason } = trace;
  if (status !== "completed") return { status, trace, ...(reason !== undefined && { reason }) };
  const tokens = await makeTokens(context, signIn.client, signIn.user, grantOf(signIn, result), (claims) =>
    context.keys.imitate(claims),
  );
  const access = read(tokens.access.token);
  return {
    status,
    trace,
    ...(tokens.id !== undefined && { idToken: { claims: {}, ...read(tokens.id) } }),
    accessToken: access,
  };
}

function read(token: string): { bytes: number; claims?: Record<string, unknown> } {
  const bytes = Buffer.byteLength(token);
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return { bytes };
  // SAFETY: the payload of a JWT that was made here is an object.
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  return { bytes, claims };
}

/** As an application with PKCE sends them; state and nonce as long as they are commonly. */
function parametersFor(
  client: ClientEntity,
  { connection, employee }: { connection: ConnectionEntity; employee: Employee },
  { scope = "openid profile email", audience }: EvaluatedRequest,
): { values: Record<string, string>; repeated: string[] } {
  const callback = client.callbacks?.[0];
  const random = (bytes: number) => randomBytes(bytes).toString("base64url");
  const values = {
    response_type: "code",
    client_id: client.client_id,
    ...(callback !== undefined && { redirect_uri: callback }),
    scope,
    state: random(16),
    nonce: random(16),
    code_challenge: random(32),
    code_challenge_method: "S256",
    login_hint: employee.email,
    connection: connection.name,
    ...(audience !== undefined && { audience }),
  };
  return { values, repeated: [] };
}
