import type { PostLoginEvent } from "./types.ts";

/**
 * Tells whether the directory was last asked about this employee too long ago, which is when the last
 * `federated` method is older than the given minutes. Silent sign-ins and refreshes repeat what the directory
 * said then, also for people who have left since. The dates of a session or a refresh token never count,
 * because they are renewed without the directory. A time that is missing, not a date, or in the future counts
 * as too long ago.
 */
export function isStale({ authentication }: PostLoginEvent, maxAgeMinutes: number): boolean {
  // SAFETY: in Auth0's types this is a list of such objects, and every field that is read from one is
  // optional.
  const methods = [authentication?.methods].flat() as (Method | null | undefined)[];
  const last = methods.findLast((method) => method?.name === "federated");
  const age = Date.now() - Date.parse(last?.timestamp ?? "");
  // The clock of another machine may be a second ahead.
  return !(age >= -1000 && age <= maxAgeMinutes * 60_000);
}

interface Method {
  readonly name?: string;
  readonly timestamp?: string;
}
