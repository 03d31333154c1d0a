import assert from "node:assert/strict";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";
import type { ApiAnswer } from "../support/tenant.ts";

const header = (answer: ApiAnswer<unknown>, name: string) => answer.headers[`x-ratelimit-${name}`];

describe("Rate limits of the Management API", () => {
  let now = Date.now();
  const start = (plan: "off" | "free" | "professional" | "enterprise") =>
    startTestTenant({ plan, now: () => now });

  describe("on a free plan", () => {
    const test = perSuite(() => start("free"));
    beforeEach(() => (now += 60_000));

    it("answer 429 with the three headers once the bucket is empty, and again 200 when it has filled up", async () => {
      const first = await test.api("GET", "/roles");
      assert.equal(header(first, "limit"), "2");
      assert.equal(header(first, "remaining"), "1");
      await test.api("GET", "/roles");
      const refused = await test.api("GET", "/roles");
      assert.deepEqual(refused.body, {
        statusCode: 429,
        error: "Too Many Requests",
        message: "Global limit has been reached",
        errorCode: "too_many_requests",
      });
      assert.equal(header(refused, "remaining"), "0");
      now = Number(header(refused, "reset")) * 1000;
      assert.equal((await test.api("GET", "/roles")).status, 200);
    });

    it("name a reset that lies ahead, by one second at most, also while there is something left", async () => {
      for (const status of [200, 200, 429]) {
        const answer = await test.api("GET", "/roles");
        assert.equal(answer.status, status);
        assert.equal(Number(header(answer, "reset")), Math.ceil(now / 1000) + 1);
      }
    });

    it("give back two requests a second, one after the other", async () => {
      for (const status of [200, 200, 429]) assert.equal((await test.api("GET", "/roles")).status, status);
      for (const status of [429, 200, 429, 200]) {
        now += 250;
        assert.equal((await test.api("GET", "/roles")).status, status);
      }
    });

    it("give nothing for a clock that is set back, and ask for no more than the plan's pace afterwards", async () => {
      for (const status of [200, 200, 429]) assert.equal((await test.api("GET", "/roles")).status, status);
      now -= 3_000;
      const refused = await test.api("GET", "/roles");
      assert.equal(refused.status, 429);
      assert.equal(header(refused, "remaining"), "0");
      now += 1_000;
      assert.equal((await test.api("GET", "/roles")).status, 200);
    });

    it("count all requests together", async () => {
      for (const [path, status] of [
        ["/users", 200],
        ["/roles", 200],
        ["/users", 429],
      ] as const) {
        assert.equal((await test.api("GET", path)).status, status, path);
      }
    });
  });

  it("count reading users apart on a professional plan, at a pace of its own", async () => {
    const test = await start("professional");
    try {
      const reads = ["/users", "/users/auth0%7Cnobody", "/users-by-email?email=nobody@xyz.example"];
      for (const [taken, path] of reads.entries()) {
        const answer = await test.api("GET", path);
        assert.deepEqual(
          [header(answer, "limit"), header(answer, "remaining")],
          ["40", String(39 - taken)],
          path,
        );
      }
      for (let left = 37; left > 0; left -= 1) {
        assert.equal((await test.api("GET", "/users")).status, 200);
      }
      assert.equal((await test.api("GET", "/users")).status, 429);
      now += 1_000;
      assert.equal(header(await test.api("GET", "/users"), "remaining"), "7");
      const writing = await test.api("DELETE", "/users/auth0%7Cnobody");
      assert.deepEqual([header(writing, "limit"), header(writing, "remaining")], ["50", "49"]);
    } finally {
      await test.close();
    }
  });

  it("let 50 requests through at once on an enterprise plan, and 16 a second after them", async () => {
    const test = await start("enterprise");
    try {
      for (let left = 49; left >= 0; left -= 1) {
        const answer = await test.api("GET", "/users");
        assert.deepEqual([header(answer, "limit"), header(answer, "remaining")], ["50", String(left)]);
      }
      assert.equal((await test.api("GET", "/roles")).status, 429);
      now += 1_000;
      assert.equal(header(await test.api("GET", "/roles"), "remaining"), "15");
    } finally {
      await test.close();
    }
  });

  it("are not kept unless a plan is chosen", async () => {
    const test = await start("off");
    try {
      const answer = await test.api("GET", "/roles");
      assert.equal(answer.status, 200);
      assert.equal("x-ratelimit-limit" in answer.headers, false);
    } finally {
      await test.close();
    }
  });
});
