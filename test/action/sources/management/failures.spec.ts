import assert from "node:assert/strict";
import { failureOf } from "../../../../action/sources/management/failures.ts";

const JITTER_MS = 150;

describe("a request that failed", () => {
  const realNow = Date.now;
  const now = Date.parse("2026-11-26T12:00:00Z");
  before(() => {
    Date.now = () => now;
  });
  after(() => {
    Date.now = realNow;
  });

  const later = (seconds: number): number => now / 1000 + seconds;
  const limits: [what: string, headers: Record<string, string>, waitMs: number][] = [
    ["until the reset", { "x-ratelimit-reset": String(later(7)) }, 7000],
    [
      "until the reset, whatever else is said",
      { "x-ratelimit-reset": String(later(7)), "retry-after": "3" },
      7000,
    ],
    ["as many seconds as Retry-After says", { "retry-after": "3" }, 3000],
    ["until the date of Retry-After", { "retry-after": "Thu, 26 Nov 2026 12:00:09 GMT" }, 9000],
    [
      "as Retry-After says where the reset is past",
      { "x-ratelimit-reset": String(later(-1)), "retry-after": "3" },
      3000,
    ],
    ["a second where nothing is said", {}, 1000],
    ["a second where the reset is past", { "x-ratelimit-reset": String(later(-3600)) }, 1000],
    ["a second where the reset is now", { "x-ratelimit-reset": String(later(0)) }, 1000],
    ["a second where both are past", { "x-ratelimit-reset": "0", "retry-after": "0" }, 1000],
    ["a second where neither is a time", { "x-ratelimit-reset": "soon", "retry-after": "later" }, 1000],
    ["a minute at most", { "x-ratelimit-reset": String(later(3600)) }, 60_000],
    ["a minute at most, without end too", { "x-ratelimit-reset": "1e999" }, 60_000],
  ];
  for (const [what, headers, waitMs] of limits) {
    it(`with 429 is left alone ${what}`, () => {
      const { outcome, retryAfterMs } = failureOf({
        statusCode: 429,
        rawResponse: new Response("", { headers }),
      });
      assert.equal(outcome, "rate-limited");
      assert.ok(retryAfterMs >= waitMs && retryAfterMs <= waitMs + JITTER_MS, String(retryAfterMs));
    });
  }

  const others: [status: number | undefined, outcome: string, again: boolean][] = [
    [undefined, "network", true],
    [400, "api-error", false],
    [401, "unauthorized", false],
    [403, "forbidden", false],
    [404, "not-found", false],
    [500, "api-error", true],
    [503, "api-error", true],
  ];
  for (const [status, outcome, again] of others) {
    it(`with ${status ?? "no answer"} is asked ${again ? "again soon" : "no more"}`, () => {
      const failure = failureOf(
        status === undefined ? new TypeError("fetch failed") : { statusCode: status },
      );
      assert.equal(failure.outcome, outcome);
      assert.equal(failure.retryAfterMs <= JITTER_MS, again);
    });
  }
});
