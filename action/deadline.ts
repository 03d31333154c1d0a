import { Failure } from "./outcome.ts";

/** A point in time that a run does not wait past, on the clock of `performance.now()`, which never jumps. */
export type Deadline = number;

/** Whole milliseconds left, never below zero. */
export function remaining(deadline: Deadline): number {
  return Math.max(0, Math.ceil(deadline - performance.now()));
}

/**
 * Gives the work's result, or rejects with a `timeout` {@link Failure} once the deadline is reached, whatever the work
 * does: it gets an AbortSignal, and is not waited for should it ignore it.
 */
export async function beforeDeadline<T>(
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(remaining(deadline));
  // Listens before the work does, so that its being broken off is not taken for a network fault.
  const expired = new Promise<never>((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(new Failure("timeout"))),
  );
  return Promise.race([work(signal), expired]);
}
