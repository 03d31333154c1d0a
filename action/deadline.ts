import { Failure } from "./outcome.ts";

/** The point in time until which a run waits, on the clock of `performance.now()`, which never jumps. */
export type Deadline = number;

/** Whole milliseconds until the deadline, never less than zero. */
export function remaining(deadline: Deadline): number {
  return Math.max(0, Math.ceil(deadline - performance.now()));
}

/**
 * Returns the work's result, or rejects with a `timeout` {@link Failure} when the deadline is reached. The
 * work gets an AbortSignal. If it ignores the signal, it is not waited for.
 */
export async function beforeDeadline<T>(
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(remaining(deadline));
  // Listen before the work does, so that an aborted request is not taken for a network error.
  const expired = new Promise<never>((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(new Failure("timeout"))),
  );
  return Promise.race([work(signal), expired]);
}
