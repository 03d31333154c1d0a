/** What one instance remembers about failures. All times are milliseconds on the same clock. */
export interface Breaker {
  /** Failures in a row. */
  failures: number;
  /** After too many failures nothing is asked before this time. */
  pausedUntil: number;
  /** The API said that it answers nothing before this time. */
  limitedUntil: number;
}

/** After this many failures in a row the instance pauses. */
export const MAX_FAILURES = 5;
/** How long a pause lasts. */
export const PAUSE_MS = 15_000;

/**
 * Tells whether this run may ask. While the API's limit lasts, no run may. After a pause one run may, and the
 * next one only when that run has ended or another pause is over.
 */
export function mayAsk(breaker: Breaker, now: number): boolean {
  if (now < breaker.limitedUntil) return false;
  if (breaker.failures < MAX_FAILURES) return true;
  if (now < breaker.pausedUntil) return false;
  breaker.pausedUntil = now + PAUSE_MS;
  return true;
}

/** Notes whether a run ended with an answer or with a failure. Neither says anything about a limit. */
export function noteEnd(breaker: Breaker, failed: boolean, now: number): void {
  breaker.failures = failed ? breaker.failures + 1 : 0;
  breaker.pausedUntil = now + PAUSE_MS;
}
