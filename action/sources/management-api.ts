import type * as Users from "auth0/users";
import { type Deadline, beforeDeadline, remaining } from "../deadline.ts";
import { Failure } from "../outcome.ts";
import { attributesOf, groupsInAttributes } from "../profile.ts";
import type { Search } from "../search.ts";
import type { Profile, Secrets } from "../types.ts";
import { type Breaker, mayAsk, noteEnd } from "./management/breaker.ts";
import { failureOf } from "./management/failures.ts";
import { dropToken, managementToken } from "./management/token.ts";

/** The API is not asked if less time than this is left before the deadline. */
const ANSWER_MS = 50;

/** What an instance learns about the API. Auth0 keeps the modules of an instance over many runs. */
const health: Breaker = { failures: 0, pausedUntil: 0, limitedUntil: 0 };

/**
 * Reads the groups of the user's stored profile: one call, and one more for a token every 24 hours. Returns
 * undefined if the profile has none, and rejects with a {@link Failure} if the profile cannot be read before
 * the deadline. After several failures in a row this instance stops asking the API for a while. After a 429
 * it stops at once until the limit is over; only the run that got the 429 first waits for that, if its
 * deadline allows.
 */
export async function groupsFromManagementApi(search: Search): Promise<readonly string[] | undefined> {
  const { event, deadline, connection, settings, identifier } = search;
  const { user: { user_id: id } = {}, secrets } = event;
  // Without an id the SDK would ask for the list of all users. The breaker does not count the first two
  // failures, because they say nothing about the API.
  if (!id || !isComplete(secrets)) throw new Failure("fault");
  if (remaining(deadline) < ANSWER_MS) throw new Failure("timeout");
  if (!mayAsk(health, performance.now())) throw new Failure("paused");
  const user = await withOneRetry(deadline, (signal) => readUser(search, id, secrets, signal));
  const attributes = attributesOf(user, connection, settings.linkedIdentities);
  if (!attributes) throw new Failure("linked");
  return groupsInAttributes(attributes, identifier);
}

/**
 * Tries at most twice. The second try is made only if the wait and another answer can still fit the deadline.
 */
async function withOneRetry<T>(deadline: Deadline, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let retried = false; ; retried = true) {
    try {
      const answer = await beforeDeadline(deadline, read);
      noteEnd(health, false, performance.now());
      return answer;
    } catch (error) {
      const { outcome, retryAfterMs } = error instanceof Failure ? error : new Failure("fault");
      // Noted before the wait for the second try, so that runs that start meanwhile do not ask.
      const now = performance.now();
      // Only one run waits for a limit's end. If all running ones waited, they would reach the next limit
      // together.
      const limited = outcome === "rate-limited";
      const first = !limited || now >= health.limitedUntil;
      if (limited) health.limitedUntil = now + retryAfterMs;
      // An unknown user is not a failure of the API.
      else if (!retried) noteEnd(health, outcome !== "not-found", now);
      if (retried || !first || retryAfterMs + ANSWER_MS > remaining(deadline)) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}

async function readUser(search: Search, id: string, secrets: Secrets, signal: AbortSignal): Promise<Profile> {
  const { api, deadline, notes } = search;
  const timeoutMs = search.settings.managementApiTimeoutMs;
  // SAFETY: the Action depends on the package in the version that these types are from.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- many modules, loaded only when needed
  const loadSdk = async (): Promise<typeof Users> => require("auth0/users") as typeof Users;
  // The token is requested while the SDK loads, which takes a sixth of a second once per instance.
  const asked = managementToken(secrets, api.cache, timeoutMs, notes);
  const [token, { UsersClient }] = await Promise.all([asked, loadSdk()]);
  if (remaining(deadline) < ANSWER_MS) throw new Failure("timeout");
  // A redirect is refused, because it could carry the token elsewhere, and its target's answer is not the
  // tenant's.
  const users = new UsersClient({
    baseUrl: `https://${secrets.TENANT}/api/v2`,
    token,
    fetch: (url, init) => fetch(url, { ...init, redirect: "error" }),
  });
  const query = { fields: "user_id,identities,groups,group_ids", include_fields: true };
  // The signal ends the request at the deadline. By default the SDK has a time-out of a minute and tries
  // again twice.
  const options = { abortSignal: signal, timeoutInSeconds: timeoutMs / 1000 + 1, maxRetries: 0 };
  const user: Profile | undefined = await users.get(id, query, options).catch((error: unknown) => {
    const { outcome, retryAfterMs } = failureOf(error);
    const unauthorized = outcome === "unauthorized";
    // Also for 403: otherwise a token without the scope would be kept for a day after the grant is corrected.
    if (unauthorized || outcome === "forbidden") dropToken(secrets, api.cache, token);
    throw new Failure(outcome, unauthorized ? 0 : retryAfterMs);
  });
  // If the body is not JSON, the SDK returns an error object as if it were the user.
  if (user?.user_id !== id) throw new Failure("bad-answer");
  return user;
}

function isComplete(secrets?: Partial<Secrets>): secrets is Secrets {
  return (["TENANT", "AUDIENCE", "APP_CLIENT_ID", "APP_CLIENT_SECRET"] as const).every(
    (name) => secrets?.[name],
  );
}
