import { Failure, type Outcome } from "../../outcome.ts";

/** Response headers as both `fetch` and the SDK give them. */
export interface ResponseHeaders {
  get(name: string): string | null;
}

type Outcomes = Readonly<Record<number, Outcome>>;
const OUTCOMES: Outcomes = { 401: "unauthorized", 403: "forbidden", 404: "not-found", 429: "rate-limited" };

/** An answer that is not a success, as the SDK throws it. Without a status there was no answer. */
interface Refusal {
  readonly statusCode?: number;
  readonly rawResponse?: { readonly headers: ResponseHeaders };
}

/**
 * The failure behind what `fetch` or the SDK threw. Another try can help after 429 and 5xx, and if no answer
 * came.
 */
export function failureOf(error: unknown): Failure {
  // SAFETY: both fields are optional; the SDK sets them together.
  const { statusCode: status, rawResponse } = error as Refusal;
  // Random, so that not all runs try again at the same time.
  const jitterMs = 50 + Math.random() * 100;
  if (!status) return new Failure("network", jitterMs);
  let retryAfterMs = Infinity;
  if (status === 429) retryAfterMs = untilReset(rawResponse?.headers) + jitterMs;
  if (status >= 500) retryAfterMs = jitterMs;
  return new Failure(OUTCOMES[status] ?? "api-error", retryAfterMs);
}

/**
 * How long the API asks not to be called, at most a minute: until `x-ratelimit-reset`, in seconds since 1970,
 * else as `Retry-After` says in seconds or as a date. If neither names a time in the future it is a second,
 * or a run would ask again at once.
 */
function untilReset(headers?: ResponseHeaders): number {
  const now = Date.now();
  const after = headers?.get("retry-after") ?? "";
  const reset = Number(headers?.get("x-ratelimit-reset")) * 1000;
  const times = [reset, now + Number(after) * 1000, Date.parse(after), now + 1000];
  // SAFETY: the last one is in the future.
  return Math.min(times.find((time) => time > now)! - now, 60_000);
}
