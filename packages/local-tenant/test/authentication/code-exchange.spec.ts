import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { UserEntity } from "../../src/store/entities.ts";
import { addApplication } from "../support/application.ts";
import { Agent, CHALLENGE, VERIFIER, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("exchanging a code", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));

  const invalidCode = { error: "invalid_grant", error_description: "Invalid authorization code" };

  it("gives an ID token with the claims of OpenID Connect and of the scopes", async () => {
    const tokens = await agent.tokens(application, { max_age: "3600" });
    const { client } = application;
    const claims = await test.tenant.context.keys.verify(tokens["id_token"] ?? "", {
      issuer: `https://${test.tenant.context.domain}/`,
      audience: client.client_id,
    });
    const half = createHash("sha256")
      .update(tokens["access_token"] ?? "")
      .digest()
      .subarray(0, 16);
    assert.equal(claims["at_hash"], half.toString("base64url"));
    assert.equal(claims["nonce"], "a-nonce");
    assert.equal(claims["azp"], client.client_id);
    assert.equal(claims["auth_time"], Math.floor(now / 1000));
    assert.match(String(claims["sid"]), /^\w{32}$/);
    assert.match(String(claims.sub), /^waad\|azure-ad-\w{6}\|[0-9a-f-]{36}$/);
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 36_000);
    assert.equal(claims["given_name"], "Ada");
    assert.equal(claims["email_verified"], false);
    assert.equal(claims["groups"], undefined);
    assert.deepEqual([tokens["scope"], tokens["expires_in"]], ["openid profile email", 86_400]);
  });

  it("answers are never stored", async () => {
    const response = await agent.exchange(application, await agent.code(application));
    assert.equal(response.headers["cache-control"], "no-store");
    assert.equal(response.headers["pragma"], "no-cache");
    const refused = await agent.exchange(application, "unknown");
    assert.equal(refused.headers["cache-control"], "no-store");
  });

  it("takes JSON bodies, and credentials in the Authorization header", async () => {
    const { client, redirectUri } = application;
    const response = await test.tenant.app.inject({
      method: "POST",
      url: "/oauth/token",
      headers: {
        host: test.tenant.context.domain,
        authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64")}`,
      },
      payload: {
        grant_type: "authorization_code",
        code: await agent.code(application),
        code_verifier: VERIFIER,
        redirect_uri: redirectUri,
      },
    });
    assert.equal(response.statusCode, 200, response.body);
    assert.ok(response.json<Record<string, string>>()["id_token"]);
  });

  it("refuses a code the second time, and takes back what the first time gave", async () => {
    const code = await agent.code(application, { scope: "openid offline_access" });
    const first = (await agent.exchange(application, code)).json<Record<string, string>>();
    const userinfo = () => agent.get("/userinfo", { authorization: `Bearer ${first["access_token"]}` });
    assert.equal((await userinfo()).statusCode, 200);
    const other = await new Agent(test).tokens(application, { scope: "openid offline_access" });
    const replay = await agent.exchange(application, code);
    assert.equal(replay.statusCode, 403);
    assert.deepEqual(replay.json(), invalidCode);
    assert.equal((await userinfo()).statusCode, 401);
    const kept = await agent.get("/userinfo", { authorization: `Bearer ${other["access_token"]}` });
    assert.equal(kept.statusCode, 200, "another sign-in's token");
    assert.ok(test.tenant.context.signIns.refreshTokens.get(other["refresh_token"] ?? ""));
    const refresh = await agent.token({
      grant_type: "refresh_token",
      client_id: application.client.client_id,
      client_secret: application.client.client_secret,
      refresh_token: first["refresh_token"],
    });
    assert.deepEqual(refresh.json(), {
      error: "invalid_grant",
      error_description: "Unknown or invalid refresh token.",
    });
  });

  it("gives nothing that lasts when a code comes several times at once", async () => {
    const code = await agent.code(application, { scope: "openid offline_access" });
    const responses = await Promise.all([1, 2, 3].map(() => agent.exchange(application, code)));
    for (const response of responses) {
      const { access_token, refresh_token } = response.json<Record<string, string>>();
      const userinfo = await agent.get("/userinfo", { authorization: `Bearer ${access_token}` });
      assert.equal(userinfo.statusCode, 401);
      assert.equal(test.tenant.context.signIns.refreshTokens.get(refresh_token ?? ""), undefined);
    }
    assert.ok(responses.filter(({ statusCode }) => statusCode === 200).length <= 1);
  });

  it("does not ask for a redirect URI where /authorize was given none", async () => {
    const first = await agent.code(application, { redirect_uri: undefined });
    assert.equal((await agent.exchange(application, first, { redirect_uri: undefined })).statusCode, 200);
    const second = await agent.code(application, { redirect_uri: undefined });
    assert.equal((await agent.exchange(application, second)).statusCode, 403);
  });

  it("takes back a JWT access token too, as far as /userinfo goes", async () => {
    test.tenant.context.store.tables.resourceServers.put({
      id: "api1",
      identifier: "https://replay.example/",
      name: "Replay",
    });
    const code = await agent.code(application, { audience: "https://replay.example/" });
    const first = (await agent.exchange(application, code)).json<Record<string, string>>();
    const userinfo = () => agent.get("/userinfo", { authorization: `Bearer ${first["access_token"]}` });
    assert.equal((await userinfo()).statusCode, 200);
    await agent.exchange(application, code);
    assert.equal((await userinfo()).statusCode, 401);
  });

  it("refuses another client's code, and the code stays good for its own", async () => {
    const other = addApplication(test);
    const code = await agent.code(application);
    const stolen = await agent.exchange(other, code);
    assert.equal(stolen.statusCode, 403);
    assert.deepEqual(stolen.json(), invalidCode);
    assert.equal((await agent.exchange(application, code)).statusCode, 200);
  });

  it("refuses the code of a person who was blocked or deleted since", async () => {
    const { users } = test.tenant.context.store.tables;
    const employee = "noor.hassan@xyz.example";
    const { id_token } = await agent.tokens(application, { employee });
    const id = String(payloadOf(id_token)["sub"]);
    for (const change of [
      (user: UserEntity) => void users.put({ ...user, blocked: true }),
      (user: UserEntity) => void users.delete(user.user_id),
    ]) {
      const code = await new Agent(test).code(application, { employee });
      const user = users.get(id);
      assert.ok(user);
      change(user);
      const refused = await agent.exchange(application, code);
      users.put(user);
      assert.deepEqual([refused.statusCode, refused.json()], [403, invalidCode]);
    }
  });

  it("refuses an expired code", async () => {
    const code = await agent.code(application);
    now += 11 * 60_000;
    const response = await agent.exchange(application, code);
    assert.equal(response.statusCode, 403);
    assert.deepEqual(response.json(), invalidCode);
  });

  const refusals: [string, Record<string, string | undefined>, number, string, string][] = [
    [
      "a wrong verifier",
      { code_verifier: VERIFIER.toUpperCase() },
      403,
      "invalid_grant",
      "Failed to verify code verifier",
    ],
    [
      "the challenge as verifier",
      { code_verifier: CHALLENGE },
      403,
      "invalid_grant",
      "Failed to verify code verifier",
    ],
    [
      "no verifier",
      { code_verifier: undefined },
      400,
      "invalid_request",
      "Parameter 'code_verifier' is required",
    ],
    ["a wrong secret", { client_secret: "wrong" }, 401, "access_denied", "Unauthorized"],
    ["no secret", { client_secret: undefined }, 401, "access_denied", "Unauthorized"],
    ["an unknown client", { client_id: "nobody" }, 401, "access_denied", "Unauthorized"],
    ["no client", { client_id: undefined }, 400, "invalid_request", "Missing required parameter: client_id"],
    ["no code", { code: undefined }, 400, "invalid_request", "Missing required parameter: code"],
    [
      "no grant type",
      { grant_type: undefined },
      400,
      "invalid_request",
      "Missing required parameter: grant_type",
    ],
    [
      "an unknown grant type",
      { grant_type: "magic" },
      403,
      "unsupported_grant_type",
      "Unsupported grant type: magic",
    ],
    [
      "a grant type of Object's prototype",
      { grant_type: "constructor" },
      403,
      "unsupported_grant_type",
      "Unsupported grant type: constructor",
    ],
    [
      "a grant type that the client lacks",
      { grant_type: "client_credentials" },
      403,
      "unauthorized_client",
      "Grant type 'client_credentials' not allowed for the client.",
    ],
    [
      "the device flow",
      { grant_type: "urn:ietf:params:oauth:grant-type:device_code" },
      403,
      "unauthorized_client",
      "Grant type 'urn:ietf:params:oauth:grant-type:device_code' not allowed for the client.",
    ],
    [
      "another redirect",
      { redirect_uri: "http://localhost:3000/other" },
      403,
      "unauthorized_client",
      "The redirect URI is wrong. You sent http://localhost:3000/other, and we expected http://localhost:3000/callback",
    ],
    [
      "no redirect",
      { redirect_uri: undefined },
      403,
      "unauthorized_client",
      "The redirect URI is wrong. You sent undefined, and we expected http://localhost:3000/callback",
    ],
  ];
  for (const [what, changes, status, error, error_description] of refusals) {
    it(`refuses ${what}`, async () => {
      const response = await agent.exchange(application, await agent.code(application), changes);
      assert.equal(response.statusCode, status);
      assert.deepEqual(response.json(), { error, error_description });
    });
  }

  it("needs a verifier from a public client, and no secret", async () => {
    const spa = addApplication(test, { client: { token_endpoint_auth_method: "none" } });
    const without = { client_secret: undefined };
    const good = await agent.exchange(spa, await agent.code(spa), without);
    assert.equal(good.statusCode, 200);
    const unchallenged = { code_challenge: undefined, code_challenge_method: undefined };
    const bare = await agent.code(spa, unchallenged);
    const refused = await agent.exchange(spa, bare, { ...without, code_verifier: undefined });
    assert.deepEqual(refused.json(), { error: "access_denied", error_description: "Unauthorized" });
  });

  it("does not take a verifier for a sign-in that was begun without one", async () => {
    const code = await agent.code(application, {
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    const refused = await agent.exchange(application, code);
    assert.equal(
      refused.json<Record<string, string>>()["error_description"],
      "Failed to verify code verifier",
    );
    const good = await agent.exchange(application, code, { code_verifier: undefined });
    assert.equal(good.statusCode, 200);
  });

  it("signs an ID token with the client's secret where the client is set to HS256", async () => {
    const old = addApplication(test, {
      client: { jwt_configuration: { alg: "HS256", lifetime_in_seconds: 60 } },
    });
    const { id_token = "" } = await agent.tokens(old);
    assert.match(Buffer.from(id_token.split(".")[0] ?? "", "base64url").toString(), /"alg":"HS256"/);
    const payload = payloadOf(id_token);
    assert.equal(Number(payload["exp"]) - Number(payload["iat"]), 60);
  });

  it("writes each exchange and each failure into the tenant's log", async () => {
    await agent.exchange(application, await agent.code(application));
    await agent.exchange(application, "unknown");
    const types = test.tenant.context.store.tables.logs.list().map((row) => row.type);
    assert.deepEqual(types.slice(-3), ["s", "seacft", "feacft"]);
  });
});
