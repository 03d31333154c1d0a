import type * as Users from "auth0/users";
import { beforeDeadline, remaining } from "../deadline.ts";
import { Failure } from "../outcome.ts";
import { attributesOf, groupsOf } from "../profile.ts";
import type { Search } from "../sources.ts";
import type { Profile, Secrets } from "../types.ts";
import { type Breaker, mayAsk, noteEnd } from "./management/breaker.ts";
import { rejectFailed } from "./management/failures.ts";
import { dropToken, managementToken } from "./management/token.ts";

/** With less time than this before the deadline nothing is asked. */
const ANSWER_MS = 50;

/** Auth0 keeps an instance's modules over many runs: this is what an instance learns. */
const breaker: Breaker = { failures: 0, pausedUntil: 0 };

/**
 * Reads the groups of the user's stored profile: one call, and one more for a token every 24 hours. Undefined when the
 * profile has none; rejects with a {@link Failure} when it cannot be had before the deadline. After several failures
 * in a row this instance leaves the API alone for a while.
 */
export async function groupsFromManagementApi(search: Search): Promise<readonly string[] | undefined> {
  const { event, deadline, connection, settings, identifier } = search;
  const { user: { user_id: id } = {}, secrets } = event;
  // Without an id the SDK would ask for the list of all users. None of the first two says anything about the API.
  if (!id || !isComplete(secrets)) throw new Failure("fault");
  if (remaining(deadline) < ANSWER_MS) throw new Failure("timeout");
  if (!mayAsk(breaker, performance.now())) throw new Failure("paused");
  let failed = false;
  // Noted as soon as the first request fails and not after the wait for a second one: what comes meanwhile need not ask.
  const noteFailure = (error: unknown): never => {
    const { outcome, retryAfterMs } = error instanceof Failure ? error : new Failure("fault");
    // That a user is unknown says nothing against the API, and a retry's short wait is no pause.
    const pauseMs = outcome === "rate-limited" ? retryAfterMs : Infinity;
    if (!failed) noteEnd(breaker, outcome !== "not-found", performance.now(), pauseMs);
    failed = true;
    throw error;
  };
  const read = (signal: AbortSignal): Promise<Profile> =>
    readUser(search, id, secrets, signal).catch(noteFailure);
  const user = await beforeDeadline(deadline, (signal) => withOneRetry(deadline, () => read(signal))).catch(
    noteFailure,
  );
  noteEnd(breaker, false, performance.now());
  const attributes = attributesOf(user, connection, settings.linkedIdentities);
  return attributes && groupsOf(attributes, identifier);
}

/** Asks once more, and only when the wait and another answer can still fit the deadline. */
async function withOneRetry<T>(deadline: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const wait = error instanceof Failure ? error.retryAfterMs : Infinity;
    if (wait + ANSWER_MS > remaining(deadline)) throw error;
    await new Promise((resolve) => setTimeout(resolve, wait));
    return read();
  }
}

async function readUser(search: Search, id: string, secrets: Secrets, signal: AbortSignal): Promise<Profile> {
  const { api, deadline, settings, notes } = search;
  const { managementApiTimeoutMs: timeoutMs, linkedIdentities } = settings;
  // The token is on its way while the SDK loads, which takes a sixth of a second once per instance.
  const [token, { UsersClient }] = await Promise.all([
    managementToken(secrets, api.cache, timeoutMs, notes),
    loadSdk(),
  ]);
  if (remaining(deadline) < ANSWER_MS) throw new Failure("timeout");
  const users = new UsersClient({ baseUrl: `https://${secrets.TENANT}/api/v2`, token });
  const fields = linkedIdentities ? "groups,group_ids,identities" : "groups,group_ids";
  // The signal ends the request at the deadline. The SDK's own time-out is a minute unless given, and it tries again twice.
  const options = { abortSignal: signal, timeoutInSeconds: timeoutMs / 1000 + 1, maxRetries: 0 };
  const user: unknown = await users
    .get(id, { fields, include_fields: true }, options)
    .catch(rejectFailed)
    .catch((failure: Failure) => {
      // Also for 403: a token without the scope would be kept for a day after the grant is mended.
      const refused = failure.outcome === "unauthorized" || failure.outcome === "forbidden";
      if (refused) dropToken(secrets, api.cache, token);
      throw failure.outcome === "unauthorized" ? new Failure("unauthorized", 0) : failure;
    });
  // For a body that is no JSON the SDK returns an error object of its own as if it were the user.
  if (typeof user !== "object" || user === null || "error" in user) throw new Failure("bad-answer");
  return user;
}

async function loadSdk(): Promise<typeof Users> {
  // SAFETY: the package is a dependency of the Action in the version whose types these are.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- hundreds of modules, loaded only when they are needed
  return require("auth0/users") as typeof Users;
}

function isComplete(secrets: Partial<Secrets> = {}): secrets is Secrets {
  const { TENANT, AUDIENCE, APP_CLIENT_ID, APP_CLIENT_SECRET } = secrets;
  return [TENANT, AUDIENCE, APP_CLIENT_ID, APP_CLIENT_SECRET].every(Boolean);
}
