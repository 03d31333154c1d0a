import assert from "node:assert/strict";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("a session that Actions change", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));
  afterEach(() => unbindActions(test));

  const bind = (body: string) =>
    addBoundAction(test, `exports.onExecutePostLogin = async (event, api) => { ${body} };`);
  const silent = async () => answerOf(await agent.authorize(application, { prompt: "none" }));

  it("ends when they say so", async () => {
    bind(`api.session.setExpiresAt(Date.now() + 60_000);`);
    now = Date.now();
    await agent.tokens(application);
    unbindActions(test);
    now += 50_000;
    assert.ok((await silent())["code"]);
    now += 20_000;
    assert.equal((await silent())["error"], "login_required");
  });

  it("keeps their metadata", async () => {
    bind(`
      api.idToken.setCustomClaim("step", event.session.metadata.step ?? "none");
      api.session.setMetadata("step", "one");`);
    assert.equal(payloadOf((await agent.tokens(application))["id_token"])["step"], "none");
    assert.equal(payloadOf((await agent.tokens(application))["id_token"])["step"], "one");
  });

  it("remembers the methods that they recorded when the browser came back", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        const methods = event.authentication.methods.map((method) => method.name);
        if (methods.length > 1) return api.idToken.setCustomClaim("methods", methods);
        api.redirect.sendUserTo("https://terms.example/");
      };
      exports.onContinuePostLogin = async (event, api) =>
        void api.authentication.recordMethod("https://xyz.example/terms");`,
    );
    const away = answerOf(await agent.signIn(application));
    assert.ok(answerOf(await agent.get(`/continue?state=${away["state"]}`))["code"]);
    const claims = payloadOf((await agent.tokens(application))["id_token"]);
    assert.deepEqual(claims["methods"], ["federated", "https://xyz.example/terms"]);
  });

  it("is over when they revoke it, with its refresh tokens", async () => {
    const { refresh_token } = await agent.tokens(application, { scope: "openid offline_access" });
    bind(`api.session.revoke("Suspicious");`);
    const answer = await silent();
    unbindActions(test);
    assert.deepEqual([answer["error"], answer["error_description"]], ["access_denied", "Suspicious"]);
    assert.equal((await silent())["error"], "login_required");
    const { client_id, client_secret } = application.client;
    const refreshed = await agent.token({
      grant_type: "refresh_token",
      client_id,
      client_secret,
      refresh_token,
    });
    assert.equal(refreshed.json<Record<string, string>>()["error"], "invalid_grant");
  });
});
