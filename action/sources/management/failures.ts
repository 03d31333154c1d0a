import { Failure, type Outcome } from "../../outcome.ts";

/** Response headers as both `fetch` and the SDK give them. */
export interface ResponseHeaders {
  get(name: string): string | null;
}

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  429: "rate-limited",
};

/** The failure that an HTTP status means; for 429 and 5xx with the time after which asking again can help. */
export function failureOfStatus(status: number, headers?: ResponseHeaders): Failure {
  const retryAfterMs = status === 429 ? untilReset(headers) : status >= 500 ? pause() : undefined;
  return new Failure(OUTCOMES[status] ?? "api-error", retryAfterMs);
}

/** The failure behind anything: what has not been told apart is a fault in our own code. */
export function failureOf(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("fault");
}

/** Rejects with the failure behind what `fetch` or the SDK threw: without a status no answer came. */
export function rejectFailed(error: unknown): Promise<never> {
  // SAFETY: both fields are optional; the SDK sets them together.
  const { statusCode, rawResponse } = error as {
    statusCode?: number;
    rawResponse?: { headers: ResponseHeaders };
  };
  return Promise.reject(
    statusCode ? failureOfStatus(statusCode, rawResponse?.headers) : new Failure("network", pause()),
  );
}

/** Auth0 says in `x-ratelimit-reset`, in seconds since 1970, when it answers again; a second from now if it does not. */
function untilReset(headers: ResponseHeaders | undefined): number {
  const reset = Number(headers?.get("x-ratelimit-reset")) * 1000 || Date.now() + 1000;
  return Math.max(0, reset - Date.now()) + pause();
}

/** Not the same for every run, or all would come back at once. */
function pause(): number {
  return 50 + Math.random() * 100;
}
