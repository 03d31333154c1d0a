import assert from "node:assert/strict";
import { UnsecuredJWT } from "jose";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("/userinfo and access tokens", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));
  const audience = "https://api.example/";
  before(() => {
    test.tenant.context.store.tables.resourceServers.put({
      id: "api",
      identifier: audience,
      name: "API",
      allow_offline_access: false,
      token_lifetime: 300,
      scopes: [{ value: "read:reports" }, { value: "write:reports" }],
    });
  });

  const userinfo = (token: string | undefined) =>
    agent.get("/userinfo", { authorization: `Bearer ${token ?? ""}` });

  it("answers the claims of the scopes and those that Actions set", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) =>
        void api.idToken.setCustomClaim("https://xyz.example/groups", ["A"]);`,
    );
    const { access_token, id_token } = await agent.tokens(application, { scope: "openid email" });
    unbindActions(test);
    const response = await userinfo(access_token);
    assert.deepEqual(response.json(), {
      email: "ada.lindqvist@xyz.example",
      email_verified: false,
      "https://xyz.example/groups": ["A"],
      sub: payloadOf(id_token)["sub"],
    });
  });

  it("takes the token from the query too, and no two of them", async () => {
    const { access_token = "" } = await agent.tokens(application, { scope: "openid email" });
    const ask = (query: string, headers = {}) => agent.get(`/userinfo?${query}`, headers);
    const response = await ask(`access_token=${access_token}`);
    assert.equal(response.json<Record<string, string>>()["email"], "ada.lindqvist@xyz.example");
    assert.equal(response.headers["cache-control"], "no-store");
    const logged = test.tenant.context.log.list().at(-1)?.path;
    assert.equal(logged, "/userinfo?access_token=***");
    const refused = [
      await ask(`access_token=${access_token}x`),
      await ask(`access_token=${access_token}&access_token=${access_token}`),
      await ask(`access_token=${access_token}`, { authorization: `Bearer ${access_token}` }),
      await ask("access_token="),
    ];
    assert.deepEqual(
      refused.map(({ statusCode }) => statusCode),
      [401, 401, 401, 401],
    );
  });

  it("is for a JWT of an API as well, when the sign-in was one of OpenID Connect", async () => {
    const { access_token, scope } = await agent.tokens(application, {
      audience,
      scope: "openid read:reports delete:reports offline_access",
    });
    assert.equal(scope, "openid read:reports");
    const { issuer } = test.tenant.context;
    const claims = await test.tenant.context.keys.verify(access_token ?? "", { issuer, audience });
    assert.deepEqual(claims.aud, [audience, `${issuer}userinfo`]);
    assert.equal(claims["scope"], "openid read:reports");
    assert.equal(claims["azp"], application.client.client_id);
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 300);
    assert.equal((await userinfo(access_token)).statusCode, 200);
    const pure = await agent.tokens(application, { audience, scope: "read:reports" });
    assert.equal(payloadOf(pure["access_token"])["aud"], audience);
    assert.equal((await userinfo(pure["access_token"])).statusCode, 403);
  });

  it("gives a person the permissions of their roles where the API enforces them", async () => {
    const { tables } = test.tenant.context.store;
    const name = "https://rbac.example/";
    tables.resourceServers.put({
      id: "rbac",
      identifier: name,
      name: "RBAC",
      enforce_policies: true,
      token_dialect: "access_token_authz",
      scopes: [{ value: "read:a" }, { value: "write:a" }],
    });
    const permissions = [{ resource_server_identifier: name, permission_name: "read:a" }];
    tables.roles.put({ id: "rol_1", name: "Reader", description: null, permissions });
    const asked = { audience: name, scope: "openid read:a write:a" };
    const before = await agent.tokens(application, asked);
    assert.deepEqual(payloadOf(before["access_token"])["permissions"], []);
    assert.equal(before["scope"], "openid");
    const user = tables.users.get(String(payloadOf(before["id_token"])["sub"]));
    assert.ok(user);
    tables.users.put({ ...user, roles: ["rol_1"] });
    const after = await agent.tokens(application, asked);
    assert.deepEqual(payloadOf(after["access_token"])["permissions"], ["read:a"]);
    assert.equal(after["scope"], "openid read:a");
  });

  it("asks for a client grant where the API wants one, and grants no more than it", async () => {
    const { tables } = test.tenant.context.store;
    const name = "https://closed.example/";
    tables.resourceServers.put({
      id: "closed",
      identifier: name,
      name: "Closed",
      scopes: [{ value: "read:a" }, { value: "write:a" }],
      subject_type_authorization: { user: { policy: "require_client_grant" } },
    });
    const asked = { audience: name, scope: "openid read:a write:a" };
    const { client_id } = application.client;
    assert.deepEqual(answerOf(await agent.authorize(application, asked)), {
      error: "unauthorized_client",
      error_description: `Client "${client_id}" is not authorized to access resource server "${name}".`,
      state: "a-state",
    });
    tables.clientGrants.put({
      id: "cgr_u",
      client_id,
      audience: name,
      scope: ["read:a"],
      subject_type: "user",
    });
    assert.equal((await agent.tokens(application, asked))["scope"], "openid read:a");
  });

  it("refuses no token, an unknown one and one that has expired", async () => {
    assert.equal((await agent.get("/userinfo")).statusCode, 401);
    const unknown = await userinfo("unknown");
    assert.equal(unknown.statusCode, 401);
    assert.match(String(unknown.headers["www-authenticate"]), /error="invalid_token"/);
    const { access_token } = await agent.tokens(application);
    assert.equal((await userinfo(access_token)).statusCode, 200);
    now += 86_400_000;
    assert.equal((await userinfo(access_token)).statusCode, 401);
  });

  it("refuses a JWT for another audience, an ID token, and one without a signature", async () => {
    const { issuer, keys } = test.tenant.context;
    const { id_token } = await agent.tokens(application);
    const sub = payloadOf(id_token)["sub"] as string;
    const iat = Math.floor(now / 1000);
    const claims = { iss: issuer, sub, iat, exp: iat + 60, scope: "openid" };
    const foreign = await keys.sign({ ...claims, aud: "https://other.example/" });
    const unsigned = new UnsecuredJWT({ ...claims, aud: `${issuer}userinfo` }).encode();
    for (const token of [foreign, id_token, unsigned]) {
      const response = await userinfo(token);
      assert.equal(response.statusCode, 401);
      assert.match(String(response.headers["www-authenticate"]), /error="invalid_token"/);
    }
  });

  it("takes a token from a form, and refuses two of them", async () => {
    const { access_token = "" } = await agent.tokens(application);
    assert.equal((await agent.post("/userinfo", { access_token })).statusCode, 200);
    const both = await agent.post("/userinfo", { access_token }, { authorization: `Bearer ${access_token}` });
    assert.equal(both.statusCode, 401);
  });
});
