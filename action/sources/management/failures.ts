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

/** The failure that an HTTP status means; asking again can help after 429 and 5xx, and when no answer came at all. */
export function failureOfStatus(status?: number, headers?: ResponseHeaders): Failure {
  if (!status) return new Failure("network", jitter());
  const retryAfterMs = status === 429 ? untilReset(headers) : status >= 500 ? jitter() : Infinity;
  return new Failure(OUTCOMES[status] ?? "api-error", retryAfterMs);
}

/** Rejects with the failure behind what `fetch` or the SDK threw. */
export async function rejectFailed(error: unknown): Promise<never> {
  // SAFETY: both fields are optional; the SDK sets them together, and neither when there was no answer.
  const { statusCode, rawResponse } = error as {
    statusCode?: number;
    rawResponse?: { headers: ResponseHeaders };
  };
  throw failureOfStatus(statusCode, rawResponse?.headers);
}

/** Auth0 says in `x-ratelimit-reset`, in seconds since 1970, when it answers again; a second from now if it does not. */
function untilReset(headers?: ResponseHeaders): number {
  const resetMs = Number(headers?.get("x-ratelimit-reset")) * 1000 || Date.now() + 1000;
  return Math.max(0, resetMs - Date.now()) + jitter();
}

/** Not the same for every run, or all would come back at once. */
function jitter(): number {
  return 50 + Math.random() * 100;
}
