import { Failure } from "../../outcome.ts";
import type { ActionCache, Secrets } from "../../types.ts";
import { failureOf } from "./failures.ts";
import { type Token, seal, unseal } from "./seal.ts";
import { PRODUCT } from "../../product.ts";

// Auth0 caches nothing for longer than a day (https://auth0.com/docs/customize/actions/limitations).
const DAY_MS = 86_400_000;

/** The token, or the request for one, that all runs of this instance share. */
interface SharedToken {
  /** Until when the request is waited for, or its token is valid, in milliseconds since 1970. */
  expiresAt: number;
  /** The token, once there is one. */
  text?: string;
}

let latest: SharedToken = { expiresAt: 0 };
/** Resolves to the latest token. */
let request: Promise<Token>;

/**
 * Returns a Management API token: from `api.cache`, else the instance's own, else a new one from the tenant.
 * All Actions of the trigger share the cache, so the token is sealed there. An entry that does not open was
 * written by another Action. It is never sent, and it is replaced.
 */
export async function managementToken(
  secrets: Secrets,
  cache: ActionCache,
  timeoutMs: number,
  notes: string[],
): Promise<string> {
  const cached = cachedToken(secrets, cache);
  if (cached && Date.now() < cached.expiresAt) return cached.text;
  if (Date.now() >= latest.expiresAt) {
    // Compare times instead of using a timer: while Auth0 freezes an instance between runs, timers stop, but
    // the clock does not.
    latest = { expiresAt: Date.now() + timeoutMs };
    request = fetchToken(secrets, timeoutMs, latest);
  }
  const token = await request;
  const ttl = token.expiresAt - Date.now();
  if (ttl > 0) {
    // Auth0 refuses a token that is too long once it is sealed. It then stays only in the instance.
    const stored = attempt(() => cache.set(cacheKey(secrets), seal(token, secrets), { ttl }));
    if (stored?.type !== "success") notes.push(`cache=${stored?.code ?? "failed"}`);
  }
  return token.text;
}

/** Forgets a token that the API refused, unless another run has put a newer one in its place. */
export function dropToken(secrets: Secrets, cache: ActionCache, token: string): void {
  if (latest.text === token) latest.expiresAt = 0;
  // If Auth0 refuses to delete, the entry has expired meanwhile, which has the same effect.
  if (cachedToken(secrets, cache)?.text === token) attempt(() => cache.delete(cacheKey(secrets)));
}

function cachedToken(secrets: Secrets, cache: ActionCache): Token | undefined {
  return attempt(() => unseal(cache.get(cacheKey(secrets))?.value ?? "", secrets));
}

/**
 * Client credentials grant (RFC 6749 section 4.4) at the tenant's token endpoint. A redirect is refused,
 * because it would carry the client secret to its target. If the time is over before the answer is read, the
 * failure is `timeout`, and not a bad answer or a network error.
 */
async function fetchToken(secrets: Secrets, timeoutMs: number, shared: SharedToken): Promise<Token> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
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
    });
    if (!answer.ok) throw failureOf({ statusCode: answer.status, rawResponse: answer });
    // SAFETY: both fields are checked before use. Other JSON has neither.
    const body = (await answer.json().catch(() => null)) as {
      access_token?: unknown;
      expires_in?: unknown;
    } | null;
    if (typeof body?.access_token !== "string") throw new Failure("bad-answer");
    // A token is not used in its last minute.
    const lifetimeMs = Math.min((Number(body.expires_in) - 60) * 1000 || 0, DAY_MS);
    return Object.assign(shared, { text: body.access_token, expiresAt: Date.now() + lifetimeMs });
  } catch (error) {
    shared.expiresAt = 0;
    if (signal.aborted) throw new Failure("timeout");
    throw error instanceof Failure ? error : failureOf(error);
  }
}

function cacheKey(secrets: Secrets): string {
  // This has 46 bytes, because a client id has 32. A key may have 64.
  return `${PRODUCT}:${secrets.APP_CLIENT_ID}`;
}

/**
 * Auth0's cache returns refusals as values. If a call throws all the same, the sign-in does not use the
 * cache.
 */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return;
  }
}
