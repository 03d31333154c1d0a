/** What one instance remembers of failures; times on any one clock, in milliseconds. */
export interface Breaker {
  /** Failures in a row. */
  failures: number;
  /** After that many failures nothing is asked before this time. */
  pausedUntil: number;
  /** The API said that it answers nobody before this time. */
  limitedUntil: number;
}

/** So many failures in a row pause the API for this instance. */
export const MAX_FAILURES = 5;
/** How long such a pause lasts. */
export const PAUSE_MS = 15_000;

/**
 * Tells whether this run may ask. As long as the API's limit lasts nobody may. After a pause one run may, and the next only when that one
 * has ended or another pause has gone by.
 */
export function mayAsk(breaker: Breaker, now: number): boolean {
  if (now < breaker.limitedUntil) return false;
  if (breaker.failures < MAX_FAILURES) return true;
  if (now < breaker.pausedUntil) return false;
  breaker.pausedUntil = now + PAUSE_MS;
  return true;
}

/** Notes how a run ended: with an answer, or with a failure. Neither says anything about a limit. */
export function noteEnd(breaker: Breaker, failed: boolean, now: number): void {
  breaker.failures = failed ? breaker.failures + 1 : 0;
  breaker.pausedUntil = now + PAUSE_MS;
}
