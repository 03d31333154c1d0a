import { Failure } from "../../outcome.ts";
import type { ActionCache, Secrets } from "../../types.ts";
import { failureOfStatus, rejectFailed } from "./failures.ts";

/** A token and its last usable moment, in milliseconds since 1970. */
interface Token {
  readonly text: string;
  readonly expiresAt: number;
}

// Auth0 refuses longer keys and longer lifetimes (https://auth0.com/docs/customize/actions/limitations).
const MAX_KEY_BYTES = 64;
const MAX_LIFETIME_MS = 24 * 60 * 60 * 1000;
/** A token this close to its end is not used any more. */
const MARGIN_MS = 60_000;

/** What this instance keeps over its runs: its last request for a token, which runs that come meanwhile share. */
let request: Promise<Token> | undefined;
/** Until when the request is waited for or its token used, in milliseconds since 1970. */
let usableUntil = 0;
/** The token that the request gave, once it has. */
let current: string | undefined;

/** Gives a Management API token: from `api.cache`, else the instance's own, else from the tenant. */
export async function managementToken(
  secrets: Secrets,
  cache: ActionCache,
  timeoutMs: number,
  notes: string[],
): Promise<string> {
  const key = cacheKey(secrets);
  const cached = attempt(() => cache.get(key)?.value);
  if (typeof cached === "string" && cached) return cached;
  if (!request || Date.now() >= usableUntil) startRequest(secrets, timeoutMs);
  // SAFETY: there is one now.
  const { text, expiresAt } = await request!;
  const ttl = expiresAt - Date.now();
  if (ttl > 0) {
    const stored = attempt(() => cache.set(key, text, { ttl }));
    if (stored?.type !== "success") notes.push(`cache=${stored?.code ?? "failed"}`);
  }
  return text;
}

/** Forgets a token that the API refused, unless another run has put a newer one in its place. */
export function dropToken(secrets: Secrets, cache: ActionCache, token: string): void {
  const key = cacheKey(secrets);
  if (current === token) usableUntil = 0;
  // A refusal to delete means that the entry has run out meanwhile, which is as good.
  attempt(() => cache.get(key)?.value === token && cache.delete(key));
}

function startRequest(secrets: Secrets, timeoutMs: number): void {
  const own = fetchToken(secrets, timeoutMs);
  request = own;
  current = undefined;
  // Timers do not run while Auth0 freezes an instance between runs; the clock does.
  usableUntil = Date.now() + timeoutMs;
  const settle = (text: string | undefined, until: number): void => {
    if (request === own) [current, usableUntil] = [text, until];
  };
  own.then(
    ({ text, expiresAt }) => settle(text, expiresAt),
    () => settle(undefined, 0),
  );
}

/** Asks for a token. An answer that was not waited for is neither bad nor broken off by the network: it is late. */
function fetchToken(secrets: Secrets, timeoutMs: number): Promise<Token> {
  const signal = AbortSignal.timeout(timeoutMs);
  return askForToken(secrets, signal).catch((error: unknown) => {
    throw signal.aborted ? new Failure("timeout") : error;
  });
}

/**
 * Client credentials grant (RFC 6749 section 4.4) at the tenant's token endpoint. A redirect is refused: it would carry the
 * client secret to wherever it points.
 */
async function askForToken(secrets: Secrets, signal: AbortSignal): Promise<Token> {
  const answer = await fetch(`https://${secrets.TENANT}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: secrets.APP_CLIENT_ID,
      client_secret: secrets.APP_CLIENT_SECRET,
      audience: secrets.AUDIENCE,
    }),
    redirect: "error",
    signal,
  }).catch(rejectFailed);
  if (!answer.ok) throw failureOfStatus(answer.status, answer.headers);
  // SAFETY: both fields are checked before use; any other JSON has neither.
  const body = (await answer.json().catch(() => null)) as {
    access_token?: unknown;
    expires_in?: unknown;
  } | null;
  if (typeof body?.access_token !== "string") throw new Failure("bad-answer");
  const lifetimeMs = Number(body.expires_in) * 1000 - MARGIN_MS || 0;
  return { text: body.access_token, expiresAt: Date.now() + Math.min(lifetimeMs, MAX_LIFETIME_MS) };
}

function cacheKey(secrets: Secrets): string {
  return `workforce-sso:${secrets.APP_CLIENT_ID}`.slice(0, MAX_KEY_BYTES);
}

/** Auth0's cache answers refusals as values; should a call throw all the same, the sign-in does without the cache. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
