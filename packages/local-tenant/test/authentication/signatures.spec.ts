import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";
import type { TestTenant } from "../support/tenant.ts";

describe("the signatures of a sign-in", () => {
  let test: TestTenant;
  before(async () => {
    test = await startTestTenant();
    test.tenant.context.store.tables.resourceServers.put({
      id: "api",
      identifier: "https://api.example",
      name: "API",
      scopes: [],
    });
  });
  after(() => test.close());

  it("are one for an ID token, and one for the access token of an API, made beside the main thread", async () => {
    const application = addApplication(test);
    const agent = new Agent(test);
    assert.deepEqual(await signaturesOf(() => agent.tokens(application)), { made: 1, beside: 1 });
    const audience = "https://api.example";
    assert.deepEqual(await signaturesOf(() => agent.tokens(application, { audience })), {
      made: 2,
      beside: 2,
    });
  });
});

/** How many signatures Node.js was asked for meanwhile, and for how many the main thread did not wait. */
async function signaturesOf(body: () => Promise<unknown>): Promise<{ made: number; beside: number }> {
  const asked = new Set<number>();
  let beside = 0;
  const hook = createHook({
    init: (id, type) => void (type === "SIGNREQUEST" && asked.add(id)),
    before: (id) => void (asked.has(id) && (beside += 1)),
  }).enable();
  await body();
  hook.disable();
  return { made: asked.size, beside };
}
