import type { GroupSource } from "./settings.ts";

/** How a run ended. `docs/action.md` says what each code means and what to do. */
export type Outcome =
  | "ok"
  | "capped"
  | "empty"
  | "filtered"
  | "missing"
  | "skipped"
  | "linked"
  | "stale"
  | "unreadable"
  | "not-carried"
  | "sync-error"
  | "timeout"
  | "rate-limited"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "network"
  | "api-error"
  | "bad-answer"
  | "paused"
  | "bad-policy"
  | "fault";

/** What one run of the Action did, without anything about the person. */
export interface Run {
  readonly outcome: Outcome;
  /** The source that answered; absent when none did. */
  readonly source?: GroupSource;
  /** How many groups are in the claim; absent if none. */
  readonly count?: number;
}

/**
 * Why a source has no answer, and after how many milliseconds another try can help. By default another try
 * never helps.
 */
export class Failure extends Error {
  declare readonly outcome: Outcome;
  declare readonly retryAfterMs: number;

  constructor(outcome: Outcome, retryAfterMs = Infinity) {
    super(outcome);
    Object.assign(this, { outcome, retryAfterMs });
  }
}
