import { ManagementError } from "../lib/errors.ts";

/**
 * A change that is not stored. The answer is Auth0's 503, which says that the request may be sent again
 * later.
 */
export class StoreError extends ManagementError {
  private constructor(message: string, cause: unknown) {
    super(503, message, "not_stored");
    this.name = "StoreError";
    this.cause = cause;
  }

  /** The change could not be written, and is undone. */
  static takenBack(cause: unknown): StoreError {
    return new StoreError(
      `The local tenant could not store the change, so nothing has changed: ${reason(cause)}.`,
      cause,
    );
  }

  /** The change was written, and the disk did not say that it has it. */
  static notFlushed(cause: unknown): StoreError {
    return new StoreError(
      `The local tenant does not know whether the disk has the change: ${reason(cause)}. Start the tenant again.`,
      cause,
    );
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
