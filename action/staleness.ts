import type { PostLoginEvent } from "./types.ts";

/** How far ahead of this machine's clock another's may be. */
const CLOCKS_DIFFER_MS = 1000;

/**
 * Tells whether the directory was last asked about this employee too long ago: more than so many minutes since the last `federated`
 * method, where 0 means that it never is. Silent sign-ins and refreshes repeat what the directory said then, also for those who have left
 * it since. The dates of a session or a refresh token never count: they are renewed without the directory. A time that is missing, no
 * date or in the future counts as too long ago.
 */
export function isStale({ authentication }: PostLoginEvent, maxAgeMinutes = 0): boolean {
  // SAFETY: Auth0's types say a list of such objects; all that is read from one is optional.
  const methods = [authentication?.methods].flat() as (Method | null | undefined)[];
  const last = methods.findLast((method) => method?.name === "federated");
  const age = Date.now() - Date.parse(last?.timestamp ?? "");
  return maxAgeMinutes !== 0 && !(age >= -CLOCKS_DIFFER_MS && age <= maxAgeMinutes * 60_000);
}

interface Method {
  readonly name?: string;
  readonly timestamp?: string;
}
