import type { PostLoginEvent } from "./types.ts";

/**
 * Tells whether the directory was last asked about this employee too long ago: more than so many minutes since the last `federated`
 * method. Silent sign-ins and refreshes repeat what the directory said then, also for those who have left
 * it since. The dates of a session or a refresh token never count: they are renewed without the directory. A time that is missing, no
 * date or in the future counts as too long ago.
 */
export function isStale({ authentication }: PostLoginEvent, maxAgeMinutes: number): boolean {
  // SAFETY: Auth0's types say a list of such objects; all that is read from one is optional.
  const methods = [authentication?.methods].flat() as (Method | null | undefined)[];
  const last = methods.findLast((method) => method?.name === "federated");
  const age = Date.now() - Date.parse(last?.timestamp ?? "");
  // Another machine's clock may be a second ahead of this one's.
  return !(age >= -1000 && age <= maxAgeMinutes * 60_000);
}

interface Method {
  readonly name?: string;
  readonly timestamp?: string;
}
