import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("refresh tokens that the Actions of a refresh look at", () => {
  const now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() =>
    addApplication(test, { client: { refresh_token: { rotation_type: "rotating", leeway: 3 } } }),
  );
  const agent = perTest(() => new Agent(test));
  const offline = { scope: "openid profile email offline_access" };

  const refresh = (
    refresh_token: string | undefined,
    { client } = application,
    changes: Record<string, string> = {},
  ) =>
    agent.token({
      grant_type: "refresh_token",
      client_id: client.client_id,
      client_secret: client.client_secret,
      refresh_token,
      ...changes,
    });

  it("take scopes with any space between them, and say which were asked for to the Actions", async () => {
    const { refresh_token } = await agent.tokens(application, offline);
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) =>
        void api.idToken.setCustomClaim("seen", [event.transaction.requested_scopes, event.request.body, event.request.method]);`,
    );
    const narrower = await refresh(refresh_token, application, {
      scope: "email  openid",
      client_assertion_of_another: "kept",
    });
    const all = await refresh(narrower.json<Record<string, string>>()["refresh_token"]);
    unbindActions(test);
    const [first, second] = [narrower, all].map((answer) => answer.json<Record<string, string>>());
    assert.deepEqual(first?.["scope"]?.split(" ").sort(), ["email", "openid"]);
    const { client_id } = application.client;
    const [scopes, body, method] = payloadOf(first?.["id_token"])["seen"] as unknown[];
    assert.deepEqual([scopes, method], [["email", "openid"], "POST"]);
    assert.deepEqual(body, {
      grant_type: "refresh_token",
      client_id,
      scope: "email  openid",
      client_assertion_of_another: "kept",
    });
    const [allScopes] = payloadOf(second?.["id_token"])["seen"] as unknown[];
    assert.deepEqual(allScopes, ["openid", "profile", "email", "offline_access"]);
    assert.equal(second?.["scope"], offline.scope);
  });

  it("show nothing of what proves the client", async () => {
    const keyed = addApplication(test);
    const { client_id } = keyed.client;
    const { refresh_token } = await agent.tokens(keyed, offline);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { clients, clientCredentials } = test.tenant.context.store.tables;
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    clientCredentials.put({ id: "cred_1", client_id, pem, alg: "RS256" });
    const credentials = [{ id: "cred_1" }];
    clients.put({ ...keyed.client, client_authentication_methods: { private_key_jwt: { credentials } } });
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) =>
        void api.idToken.setCustomClaim("seen", Object.keys(event.request.body).sort());`,
    );
    const answer = await agent.token({
      grant_type: "refresh_token",
      refresh_token,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await new SignJWT({ jti: "1" })
        .setProtectedHeader({ alg: "RS256" })
        .setIssuer(client_id)
        .setSubject(client_id)
        .setAudience(test.tenant.context.issuer)
        .setExpirationTime(Math.floor(now / 1000) + 60)
        .sign(privateKey),
    });
    unbindActions(test);
    const { id_token } = answer.json<Record<string, string>>();
    assert.deepEqual(payloadOf(id_token)["seen"], ["client_assertion_type", "grant_type"]);
  });

  it("show the Actions what they are, and the API that they are for", async () => {
    const audience = "https://refresh.example/";
    test.tenant.context.store.tables.resourceServers.put({
      id: "refresh",
      identifier: audience,
      name: "Refresh",
      allow_offline_access: true,
      scopes: [{ value: "read:a" }],
    });
    const rotating = addApplication(test, {
      client: {
        refresh_token: { rotation_type: "rotating", expiration_type: "expiring", token_lifetime: 100 },
      },
    });
    const { refresh_token } = await agent.tokens(rotating, { ...offline, audience });
    const ends = new Date(now + 100_000).toISOString();
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        const { rotating, expires_at, session_id, client_id } = event.refresh_token;
        api.idToken.setCustomClaim("seen", { rotating, expires_at, session_id, client_id });
        api.accessToken.setCustomClaim("api", event.resource_server.identifier);
        api.accessToken.setCustomClaim("method", event.authentication.methods[0].name);
      };`,
    );
    const tokens = (await refresh(refresh_token, rotating)).json<Record<string, string>>();
    unbindActions(test);
    const { seen, sid } = payloadOf(tokens["id_token"]);
    assert.deepEqual(seen, {
      rotating: true,
      expires_at: ends,
      session_id: sid,
      client_id: rotating.client.client_id,
    });
    const access = payloadOf(tokens["access_token"]);
    assert.deepEqual([access["api"], access["method"]], [audience, "federated"]);
    assert.deepEqual(access["aud"], [audience, `${test.tenant.context.issuer}userinfo`]);
  });

  it("are refused where an Action sends the browser away, which a refresh has not", async () => {
    const { refresh_token } = await agent.tokens(application, offline);
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo("https://terms.example/");`,
    );
    const refused = await refresh(refresh_token);
    unbindActions(test);
    assert.equal(refused.statusCode, 403);
    assert.deepEqual(refused.json(), {
      error: "access_denied",
      error_description: "An Action asked for a redirect, but a refresh has no browser.",
    });
  });

  for (const preserveRefreshTokens of [true, false]) {
    it(`end with the session that an Action revokes, and stay with preserveRefreshTokens: ${preserveRefreshTokens}`, async () => {
      const { refresh_token } = await agent.tokens(application, offline);
      const otherAgent = new Agent(test);
      const other = await otherAgent.tokens(application, offline);
      addBoundAction(
        test,
        `exports.onExecutePostLogin = async (event, api) =>
          void api.session.revoke("gone", { preserveRefreshTokens: ${preserveRefreshTokens} });`,
      );
      const denied = await refresh(refresh_token);
      unbindActions(test);
      assert.equal(denied.statusCode, 403);
      const silent = await agent.authorize(application, { prompt: "none" });
      assert.match(String(silent.headers.location), /error=login_required/);
      assert.equal((await refresh(refresh_token)).statusCode, preserveRefreshTokens ? 200 : 403);
      assert.equal((await refresh(other["refresh_token"])).statusCode, 200, "another browser's");
      const otherSilent = await otherAgent.authorize(application, { prompt: "none" });
      assert.match(String(otherSilent.headers.location), /[?&]code=/, "another browser's");
    });
  }
});
