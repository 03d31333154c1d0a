import assert from "node:assert/strict";
import { startTestTenant } from "../support/tenant.ts";
import type { TestTenant } from "../support/tenant.ts";

describe("Rate limits of the Management API", () => {
  const opened: TestTenant[] = [];
  after(() => Promise.all(opened.map((test) => test.close())));

  async function start(plan: "off" | "free" | "professional" | "enterprise") {
    const clock = { now: Date.now() };
    const test = await startTestTenant({ plan, now: () => clock.now });
    opened.push(test);
    return { test, clock };
  }

  it("answer 429 with the three headers once the bucket is empty, and again 200 when it has filled up", async () => {
    const { test, clock } = await start("free");
    const first = await test.api("GET", "/roles");
    assert.equal(first.headers["x-ratelimit-limit"], "2");
    assert.equal(first.headers["x-ratelimit-remaining"], "1");
    await test.api("GET", "/roles");
    const refused = await test.api("GET", "/roles");
    assert.deepEqual(refused.body, {
      statusCode: 429,
      error: "Too Many Requests",
      message: "Global limit has been reached",
      errorCode: "too_many_requests",
    });
    assert.equal(refused.headers["x-ratelimit-remaining"], "0");
    assert.ok(Number(refused.headers["x-ratelimit-reset"]) * 1000 > clock.now, "the reset lies ahead");
    clock.now = Number(refused.headers["x-ratelimit-reset"]) * 1000;
    assert.equal((await test.api("GET", "/roles")).status, 200);
  });

  it("give nothing for a clock that is set back, and ask for no more than the plan's pace afterwards", async () => {
    const { test, clock } = await start("free");
    for (const status of [200, 200, 429]) assert.equal((await test.api("GET", "/roles")).status, status);
    clock.now -= 3_000;
    const refused = await test.api("GET", "/roles");
    assert.equal(refused.status, 429);
    assert.equal(refused.headers["x-ratelimit-remaining"], "0");
    clock.now += 1_000;
    assert.equal((await test.api("GET", "/roles")).status, 200);
  });

  it("count reading users apart where the plan does", async () => {
    const { test } = await start("professional");
    const users = await test.api("GET", "/users");
    assert.equal(users.headers["x-ratelimit-limit"], "40");
    const roles = await test.api("GET", "/roles");
    assert.equal(roles.headers["x-ratelimit-limit"], "50");
    assert.equal(roles.headers["x-ratelimit-remaining"], "49");
  });

  it("are not kept unless a plan is chosen", async () => {
    const { test } = await start("off");
    const answer = await test.api("GET", "/roles");
    assert.equal("x-ratelimit-limit" in answer.headers, false);
  });
});
