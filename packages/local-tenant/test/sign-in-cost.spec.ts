import assert from "node:assert/strict";
import { addApplication } from "./support/application.ts";
import { Agent } from "./support/oauth.ts";
import { perSuite } from "./support/per-suite.ts";
import { startTestTenant } from "./support/tenant.ts";

describe("what a sign-in costs", () => {
  const test = perSuite(() => startTestTenant());

  /** Counts the signatures until the returned function is called. */
  function countSignatures(): () => number {
    const { keys } = test.tenant.context;
    const sign = keys.sign.bind(keys);
    let count = 0;
    keys.sign = (...args) => {
      count += 1;
      return sign(...args);
    };
    return () => {
      keys.sign = sign;
      return count;
    };
  }

  it("is four requests and one signature, and a second signature for an access token that is a JWT", async () => {
    const application = addApplication(test);
    const { log, managementAudience } = test.tenant.context;
    for (const [audience, signatures] of [
      [undefined, 1],
      [managementAudience, 2],
    ] as const) {
      log.clear();
      const signed = countSignatures();
      const browser = new Agent(test);
      const toForm = await browser.authorize(application, { audience });
      const form = toForm.headers.location ?? "";
      assert.equal((await browser.get(form)).statusCode, 200);
      const state = new URL(form, "https://localhost").searchParams.get("state") ?? "";
      const back = await browser.post("/u/login", { state, employee: "ada.lindqvist@xyz.example" });
      const code = new URL(back.headers.location ?? "").searchParams.get("code") ?? "";
      assert.equal((await new Agent(test).exchange(application, code)).statusCode, 200);
      assert.equal(signed(), signatures, `signatures with ${audience ?? "no audience"}`);
      assert.deepEqual(
        log.list().map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`),
        ["GET /authorize", "GET /u/login", "POST /u/login", "POST /oauth/token"],
      );
    }
  });
});
