/** What one instance remembers of failures; times on any one clock, in milliseconds. */
export interface Breaker {
  /** Failures in a row. */
  failures: number;
  /** Before this time nothing is asked. */
  pausedUntil: number;
}

/** So many failures in a row pause the API for this instance. */
export const MAX_FAILURES = 5;
/** How long a pause lasts, unless the API itself named an earlier time. */
export const PAUSE_MS = 15_000;

/**
 * Tells whether this run may ask. After a pause one run may, and the next only when that one has ended or another
 * pause has gone by.
 */
export function mayAsk(breaker: Breaker, now: number): boolean {
  if (breaker.failures < MAX_FAILURES) return true;
  if (now < breaker.pausedUntil) return false;
  breaker.pausedUntil = now + PAUSE_MS;
  return true;
}

/** Notes how a run ended: with an answer, or with a failure that may carry the time the API asked to be left alone. */
export function noteEnd(breaker: Breaker, failed: boolean, now: number, retryAfterMs = PAUSE_MS): void {
  breaker.failures = failed ? breaker.failures + 1 : 0;
  breaker.pausedUntil = now + Math.min(retryAfterMs, PAUSE_MS);
}
