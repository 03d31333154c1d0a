import assert from "node:assert/strict";
import { addApplication, addBoundAction } from "../support/application.ts";
import { harmless, HOSTILE } from "../support/hostile.ts";
import { Agent, answerOf } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("what comes from an Action", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));

  it("does no harm as the reason of a denial", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => api.access.deny(${JSON.stringify(HOSTILE)});`,
    );
    const denied = harmless(await new Agent(test).signIn(application));
    assert.equal(answerOf(denied)["error_description"], HOSTILE);
  });
});
