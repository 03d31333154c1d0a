import assert from "node:assert/strict";
import { addApplication, addBoundAction } from "../../packages/local-tenant/test/support/application.ts";
import { Agent, answerOf, payloadOf } from "../../packages/local-tenant/test/support/oauth.ts";
import { perSuite } from "../../packages/local-tenant/test/support/per-suite.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import { bundled, settings } from "./support/bundled-action.ts";

const claim = settings.groupsClaim;

describe("the deployed Action over one session", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const requests: string[] = [];

  before(() => {
    const connections = [application.connection.name];
    // All sources: what is not called must not be needed.
    const { code } = bundled({ ...settings, connections });
    addBoundAction(test, code);
    test.tenant.context.log.onRequest(({ path }) => void requests.push(path));
  });

  it("gives the same groups at the sign-in, at a silent one and at a refresh, without a call of its own", async () => {
    const agent = new Agent(test);
    const first = await agent.tokens(application, { scope: "openid offline_access" });
    const { code = "" } = answerOf(await agent.authorize(application, { prompt: "none" }));
    const silent = await agent.exchange(application, code);
    const refreshed = await agent.token({
      grant_type: "refresh_token",
      client_id: application.client.client_id,
      client_secret: application.client.client_secret,
      refresh_token: first["refresh_token"],
    });
    const groups = payloadOf(first["id_token"])[claim];
    assert.ok(Array.isArray(groups) && groups.length > 0);
    for (const answer of [silent, refreshed]) {
      assert.deepEqual(payloadOf(answer.json<Record<string, string>>()["id_token"])[claim], groups);
    }
    const tokenRequests = requests.filter((path) => path.startsWith("/oauth/token"));
    assert.equal(tokenRequests.length, 3, "those of the application");
    assert.deepEqual(
      requests.filter((path) => path.startsWith("/api/v2/")),
      [],
    );
  });
});
