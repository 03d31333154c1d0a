import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent, answerOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a session", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const browser = perTest(() => new Agent(test));

  const set = (settings: Record<string, unknown>) => test.api("PATCH", "/tenants/settings", settings);
  const isSignedIn = async () => {
    const answer = answerOf(await browser.authorize(application, { prompt: "none" }));
    return answer["code"] !== undefined;
  };
  /** Whether the session is still good after each of these times, each from the one before it. */
  async function after(...times: number[]): Promise<boolean[]> {
    const outcomes: boolean[] = [];
    for (const time of times) {
      now += time;
      outcomes.push(await isSignedIn());
    }
    return outcomes;
  }

  it("ends after three days without use, and each use counts", async () => {
    await browser.tokens(application);
    assert.deepEqual(await after(71 * HOUR, 71 * HOUR), [true, true]);
    await browser.tokens(application, { prompt: "login" });
    assert.deepEqual(await after(72 * HOUR), [false]);
  });

  it("ends after a week, however often it is used", async () => {
    await browser.tokens(application);
    assert.deepEqual(await after(60 * HOUR, 60 * HOUR, 47 * HOUR, HOUR), [true, true, true, false]);
  });

  it("ends after the times of the tenant's settings", async () => {
    await set({ session_lifetime: 2, idle_session_lifetime: 1 });
    await browser.tokens(application);
    assert.deepEqual(await after(59 * MINUTE, 59 * MINUTE, 2 * MINUTE), [true, true, false]);
    await browser.tokens(application);
    assert.deepEqual(await after(60 * MINUTE), [false]);
  });

  it("does not come back after its end, even if the clock does", async () => {
    await set({ session_lifetime: 2, idle_session_lifetime: 1 });
    await browser.tokens(application);
    assert.deepEqual(await after(61 * MINUTE, -10 * MINUTE), [false, false]);
  });

  it("is one browser's alone", async () => {
    await browser.tokens(application);
    const answer = answerOf(await new Agent(test).authorize(application, { prompt: "none" }));
    assert.equal(answer["error"], "login_required");
    assert.equal(await isSignedIn(), true);
  });
});

describe("a sign-in under way", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));

  it("may take an hour, and no longer", async () => {
    for (const [time, status] of [
      [59 * MINUTE, 302],
      [60 * MINUTE, 400],
    ] as const) {
      const agent = new Agent(test);
      const page = await agent.authorize(application);
      now += time;
      assert.equal((await agent.pick(page, "ada.lindqvist@xyz.example")).statusCode, status);
    }
  });

  it("gives a code that is good for ten minutes", async () => {
    for (const [time, status] of [
      [10 * MINUTE - 1, 200],
      [10 * MINUTE, 403],
    ] as const) {
      const agent = new Agent(test);
      const code = await agent.code(application);
      now += time;
      assert.equal((await agent.exchange(application, code)).statusCode, status);
    }
  });
});
