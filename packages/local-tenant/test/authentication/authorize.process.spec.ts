import assert from "node:assert/strict";
import { addApplication, addBoundAction } from "../support/application.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("what an application asks for at /authorize", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));
  before(() => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        const { metadata, ...transaction } = event.transaction;
        api.idToken.setCustomClaim("seen", { ...transaction, api: event.resource_server?.identifier });
        api.idToken.setCustomClaim("query", event.request.query);
      };`,
    );
  });

  it("is shown to the Actions", async () => {
    const audience = "https://api.example/";
    test.tenant.context.store.tables.resourceServers.put({ id: "api", identifier: audience, name: "API" });
    const asked = {
      acr_values: "level-1  level-2",
      audience,
      login_hint: "ada.lindqvist@xyz.example",
      prompt: "login consent",
      scope: "openid email",
      ui_locales: "de fr",
    };
    const { seen, query, nonce } = payloadOf((await agent.tokens(application, asked))["id_token"]);
    assert.equal(nonce, "a-nonce");
    assert.deepEqual(seen, {
      acr_values: ["level-1", "level-2"],
      api: audience,
      locale: "de",
      login_hint: asked.login_hint,
      prompt: ["login", "consent"],
      protocol: "oidc-basic-profile",
      redirect_uri: application.redirectUri,
      requested_scopes: ["openid", "email"],
      response_mode: "query",
      response_type: ["code"],
      state: "a-state",
      ui_locales: ["de", "fr"],
    });
    assert.equal((query as Record<string, string>)["acr_values"], asked.acr_values);
  });

  it("is shown as not asked for where it is not", async () => {
    const asked = { nonce: undefined, state: undefined, scope: "openid" };
    const claims = payloadOf((await agent.tokens(application, asked))["id_token"]);
    assert.deepEqual(claims["seen"], {
      acr_values: [],
      locale: "en",
      prompt: [],
      protocol: "oidc-basic-profile",
      redirect_uri: application.redirectUri,
      requested_scopes: ["openid"],
      response_mode: "query",
      response_type: ["code"],
      ui_locales: [],
    });
    assert.equal("nonce" in claims, false);
  });
});
