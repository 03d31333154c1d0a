import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { endDirectorySession, knowsBrowser } from "../login/directory-sessions.ts";
import { logEvent, requestDetails } from "../sessions/log-event.ts";
import type { ClientEntity } from "../store/entities.ts";
import { redirectTo } from "../web/answer.ts";
import { clearSessionHandle, sessionHandle } from "../web/cookies.ts";
import { html } from "../web/html.ts";
import { sendErrorPage, sendPage } from "../web/pages.ts";
import { parametersOf } from "../web/parameters.ts";
import { knownClient } from "./known-client.ts";

/** Runs a logout; a refusal is logged (`flo`) and shown, and the session stays. */
export async function orRefuse(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  logout: typeof logoutV2,
): Promise<FastifyReply> {
  try {
    return await logout(context, request, reply);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    logEvent(context, "flo", requestDetails(request), { description: error.message });
    return sendErrorPage(reply, error);
  }
}

/**
 * `/v2/logout` (docs api/authentication/logout): ends the session and goes to `returnTo`, which must be an
 * allowed logout URL of the client, or of the tenant where no client is named.
 */
export async function logoutV2(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { values } = parametersOf(request.query);
  const { client_id: clientId, returnTo } = values;
  const client = clientId === undefined ? undefined : knownClient(context, clientId);
  const target = returnTo === undefined ? undefined : allowedTarget(context, client, returnTo, "returnTo");
  endSession(context, request, reply, client);
  if (isFederated(request.query)) endDirectorySession(context, request, reply);
  return target === undefined ? sendGoodbye(context, request, reply) : redirectTo(reply, target);
}

/**
 * `/oidc/logout` (OpenID Connect RP-Initiated Logout 1.0): the client is named by `id_token_hint` or
 * `client_id`, and `post_logout_redirect_uri` must be one of its allowed logout URLs.
 */
export async function logoutOidc(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { values } = parametersOf(request.method === "POST" ? request.body : request.query);
  const { id_token_hint: hint, client_id: clientId, post_logout_redirect_uri: wanted, state } = values;
  const hinted = hint === undefined ? undefined : await readHint(context, hint);
  if (hinted !== undefined && clientId !== undefined && hinted !== clientId) {
    throw new OAuthError("invalid_request", "client_id is not the audience of id_token_hint");
  }
  const named = hinted ?? clientId;
  const client = named === undefined ? undefined : knownClient(context, named);
  const target =
    wanted === undefined ? undefined : allowedTarget(context, client, wanted, "post_logout_redirect_uri");
  endSession(context, request, reply, client);
  if (isFederated(request.method === "POST" ? request.body : request.query)) {
    endDirectorySession(context, request, reply);
  }
  if (target === undefined) return sendGoodbye(context, request, reply);
  if (state === undefined) return redirectTo(reply, target);
  const mark = target.includes("?") ? "&" : "?";
  return redirectTo(reply, `${target}${mark}${new URLSearchParams({ state }).toString()}`);
}

/** `federated` needs no value (docs authenticate/login/logout/log-users-out-of-idps). */
function isFederated(parameters: unknown): boolean {
  return typeof parameters === "object" && parameters !== null && "federated" in parameters;
}

/** Must be one of the registered addresses. Production lets the query string differ, and so do we. */
function allowedTarget(
  context: TenantContext,
  client: ClientEntity | undefined,
  wanted: string,
  parameter: string,
): string {
  const urls: unknown =
    client === undefined ? context.store.settings["allowed_logout_urls"] : client.allowed_logout_urls;
  const allowed: readonly unknown[] = Array.isArray(urls) ? urls : [];
  if (allowed.includes(wanted) || allowed.includes(wanted.split("?")[0])) return wanted;
  const list = client === undefined ? "the tenant's" : "the client's";
  throw new OAuthError(
    "invalid_request",
    `The "${parameter}" querystring parameter "${wanted}" is not defined as a valid URL in ${list} "Allowed Logout URLs".`,
  );
}

/** The audience of an ID token of this tenant, which may have expired (RP-Initiated Logout section 2). */
async function readHint(context: TenantContext, hint: string): Promise<string> {
  const refused = new OAuthError("invalid_request", "id_token_hint is not an ID token of this tenant");
  try {
    const { aud } = decodeJwt(hint);
    const client = context.store.tables.clients.get(typeof aud === "string" ? aud : "");
    if (client === undefined) throw refused;
    const options = {
      issuer: context.issuer,
      audience: client.client_id,
      clockTolerance: Number.MAX_SAFE_INTEGER,
    };
    if (decodeProtectedHeader(hint).alg === "HS256" && client.client_secret !== undefined) {
      const secret = new TextEncoder().encode(client.client_secret);
      await jwtVerify(hint, secret, { ...options, algorithms: ["HS256"] });
    } else {
      await jwtVerify(hint, createLocalJWKSet(context.keys.jwks()), {
        ...options,
        algorithms: ["RS256"],
      });
    }
    return client.client_id;
  } catch {
    throw refused;
  }
}

function endSession(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  client: ClientEntity | undefined,
): void {
  const session = context.signIns.sessions.end(sessionHandle(context, request));
  clearSessionHandle(context, reply);
  logEvent(context, "slo", requestDetails(request), {
    ...(client === undefined ? {} : { client_id: client.client_id, client_name: client.name }),
    ...(session === undefined ? {} : { user_id: session.userId, session_id: session.id }),
  });
}

function sendGoodbye(context: TenantContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendPage(reply, {
    title: "Signed out",
    body: html`<main class="card">
      <h1>You are signed out</h1>
      <p>Applications keep sessions of their own until they end them.</p>
      ${
        knowsBrowser(context, request)
          ? html`<p>
              So does the emulated Azure AD:
              <a href="/v2/logout?federated">sign out there too</a>.
            </p>`
          : undefined
      }
      <p><a href="/">To the tenant's own page</a></p>
    </main>`,
  });
}
