import type * as Auth0 from "auth0";
import { beforeDeadline, remaining } from "../deadline.ts";
import { Failure } from "../outcome.ts";
import { attributesOf, groupsOf } from "../profile.ts";
import type { Search } from "../sources.ts";
import type { Profile, Secrets } from "../types.ts";
import { type Breaker, mayAsk, noteEnd } from "./management/breaker.ts";
import { failureOf, rejectFailed } from "./management/failures.ts";
import { type TokenMemory, dropToken, managementToken } from "./management/token.ts";

// Auth0 keeps an instance's modules over many runs: these two are what an instance learns.
const memory: TokenMemory = { usableUntil: 0 };
const breaker: Breaker = { failures: 0, pausedUntil: 0 };

/**
 * Reads the groups of the user's stored profile: one call, and one more for a token every 24 hours. Undefined when the
 * profile has none; rejects with a {@link Failure} when it cannot be had before the deadline. After several failures
 * in a row this instance leaves the API alone for a while.
 */
export async function groupsFromManagementApi(search: Search): Promise<readonly string[] | undefined> {
  if (!mayAsk(breaker, performance.now())) throw new Failure("paused");
  try {
    const user = await beforeDeadline(search.deadline, (signal) => withOneRetry(search, signal));
    noteEnd(breaker, false, performance.now());
    const attributes = attributesOf(
      user,
      search.event.connection?.name ?? "",
      search.settings.linkedIdentities,
    );
    return attributes && groupsOf(attributes, search.identifier);
  } catch (error) {
    const { outcome, retryAfterMs } = failureOf(error);
    // That a user is unknown says nothing against the API, and a retry's short wait is no pause.
    const pause = outcome === "rate-limited" ? retryAfterMs : undefined;
    noteEnd(breaker, outcome !== "not-found", performance.now(), pause);
    throw new Failure(outcome);
  }
}

/** Asks once more, and only when the wait and another answer can still fit the deadline. */
async function withOneRetry(search: Search, signal: AbortSignal): Promise<Profile> {
  try {
    return await readUser(search, signal);
  } catch (error) {
    const { retryAfterMs = Infinity } = failureOf(error);
    if (retryAfterMs + 50 > remaining(search.deadline)) throw error;
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    return readUser(search, signal);
  }
}

async function readUser(search: Search, signal: AbortSignal): Promise<Profile> {
  const { event, api, settings, deadline, notes } = search;
  const { secrets, user: { user_id: id } = {} } = event;
  // Without an id the SDK would ask for the list of all users.
  if (!id || !isComplete(secrets)) throw new Failure("fault");
  // The token is on its way while the SDK loads, which takes a third of a second once per instance.
  const [token, { ManagementClient }] = await Promise.all([
    managementToken(memory, secrets, api.cache, remaining(deadline), notes),
    loadSdk(),
  ]);
  const client = new ManagementClient({ domain: secrets.TENANT, token, telemetry: false });
  const fields = settings.linkedIdentities ? "groups,group_ids,identities" : "groups,group_ids";
  const options = { abortSignal: signal, timeoutInSeconds: remaining(deadline) / 1000, maxRetries: 0 };
  const user: unknown = await client.users
    .get(id, { fields, include_fields: true }, options)
    .catch(rejectFailed)
    .catch((failure: Failure) => {
      // Also for 403: a token without the scope would be kept for a day after the grant is mended.
      const refused = failure.outcome === "unauthorized" || failure.outcome === "forbidden";
      if (refused) dropToken(memory, secrets, api.cache, token);
      throw failure.outcome === "unauthorized" ? new Failure("unauthorized", 0) : failure;
    });
  // For a body that is no JSON the SDK returns an error object of its own as if it were the user.
  if (typeof user !== "object" || user === null || "error" in user) throw new Failure("bad-answer");
  return user;
}

async function loadSdk(): Promise<typeof Auth0> {
  // SAFETY: the package is a dependency of the Action in the version whose types these are.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- 681 modules, loaded only when they are needed
  return require("auth0") as typeof Auth0;
}

function isComplete(secrets: Partial<Secrets> = {}): secrets is Secrets {
  const { TENANT, AUDIENCE, APP_CLIENT_ID, APP_CLIENT_SECRET } = secrets;
  return [TENANT, AUDIENCE, APP_CLIENT_ID, APP_CLIENT_SECRET].every(Boolean);
}
