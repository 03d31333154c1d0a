import { Failure } from "../../outcome.ts";
import type { ActionCache, Secrets } from "../../types.ts";
import { failureOf } from "./failures.ts";
import { type Token, seal, unseal } from "./seal.ts";
import { PRODUCT } from "../../product.ts";

// Auth0 caches nothing for longer (https://auth0.com/docs/customize/actions/limitations).
const DAY_MS = 86_400_000;

/** What all runs of this instance share. */
interface SharedToken {
  /** Until when the request is waited for or its token good, in milliseconds since 1970. */
  expiresAt: number;
  /** The token, once there is one. */
  text?: string;
}

let latest: SharedToken = { expiresAt: 0 };
/** Gives the latest token. */
let request: Promise<Token>;

/**
 * Gives a Management API token: from `api.cache`, else the instance's own, else from the tenant. All Actions of the trigger share the
 * cache, so the token is sealed there; what does not open was put there by another, is never sent, and is written anew.
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
    // Timers do not run while Auth0 freezes an instance between runs; the clock does.
    latest = { expiresAt: Date.now() + timeoutMs };
    request = fetchToken(secrets, timeoutMs, latest);
  }
  const token = await request;
  const ttl = token.expiresAt - Date.now();
  if (ttl > 0) {
    // A token that is too long once it is sealed is refused, and stays in the instance.
    const stored = attempt(() => cache.set(cacheKey(secrets), seal(token, secrets), { ttl }));
    if (stored?.type !== "success") notes.push(`cache=${stored?.code ?? "failed"}`);
  }
  return token.text;
}

/** Forgets a token that the API refused, unless another run has put a newer one in its place. */
export function dropToken(secrets: Secrets, cache: ActionCache, token: string): void {
  if (latest.text === token) latest.expiresAt = 0;
  // A refusal to delete means that the entry has run out meanwhile, which is as good.
  if (cachedToken(secrets, cache)?.text === token) attempt(() => cache.delete(cacheKey(secrets)));
}

function cachedToken(secrets: Secrets, cache: ActionCache): Token | undefined {
  return attempt(() => unseal(cache.get(cacheKey(secrets))?.value ?? "", secrets));
}

/**
 * Client credentials grant (RFC 6749 section 4.4) at the tenant's token endpoint. A redirect is refused: it would carry the
 * client secret to wherever it points. An answer that was not waited for is neither bad nor broken off by the network: it is late.
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
    // SAFETY: both fields are checked before use; any other JSON has neither.
    const body = (await answer.json().catch(() => null)) as {
      access_token?: unknown;
      expires_in?: unknown;
    } | null;
    if (typeof body?.access_token !== "string") throw new Failure("bad-answer");
    // A token is not used any more in its last minute.
    const lifetimeMs = Math.min((Number(body.expires_in) - 60) * 1000 || 0, DAY_MS);
    return Object.assign(shared, { text: body.access_token, expiresAt: Date.now() + lifetimeMs });
  } catch (error) {
    shared.expiresAt = 0;
    if (signal.aborted) throw new Failure("timeout");
    throw error instanceof Failure ? error : failureOf(error);
  }
}

function cacheKey(secrets: Secrets): string {
  // 46 of the 64 bytes that a key may have: a client id has 32.
  return `${PRODUCT}:${secrets.APP_CLIENT_ID}`;
}

/** Auth0's cache answers refusals as values; should a call throw all the same, the sign-in does without the cache. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return;
  }
}
