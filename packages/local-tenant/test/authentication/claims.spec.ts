import assert from "node:assert/strict";
import { jwtVerify } from "jose";
import type { ClientEntity, UserEntity } from "../../src/store/entities.ts";
import { addApplication } from "../support/application.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

/** Standard claims by scope, with values that nothing else has (OpenID Connect Core section 5.4). */
const CLAIMS = {
  profile: {
    name: "Eve Adams",
    nickname: "eve",
    given_name: "Eve",
    family_name: "Adams",
    middle_name: "M.",
    preferred_username: "eadams",
    picture: "https://xyz.example/eve.png",
    profile: "https://xyz.example/eve",
    website: "https://eve.example/",
    gender: "female",
    birthdate: "1990-01-01",
    zoneinfo: "Europe/Berlin",
    locale: "de",
    updated_at: "2026-01-01T00:00:00.000Z",
  },
  email: { email: "eve@partner.example", email_verified: true },
  phone: { phone_number: "+49 30 1", phone_number_verified: false },
  address: { address: { country: "DE" } },
};

describe("the claims of a person's tokens", () => {
  const now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));

  /** Signs in, gives the profile these fields, and takes the tokens. */
  async function tokensWith(fields: Partial<UserEntity>, scope: string): Promise<Record<string, string>> {
    const code = await agent.code(application, { scope });
    const { users } = test.tenant.context.store.tables;
    const [user] = users.list();
    assert.ok(user);
    users.put({ ...user, ...fields });
    const answer = await agent.exchange(application, code);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }
  const userinfo = async (token: string | undefined) =>
    (await agent.get("/userinfo", { authorization: `Bearer ${token ?? ""}` })).json<
      Record<string, unknown>
    >();

  for (const scopes of [["profile"], ["email"], ["phone"], ["address"], ["email", "phone"], []] as const) {
    it(`are those of the scopes openid ${scopes.join(" ")}, in the ID token and at /userinfo`, async () => {
      const fields = Object.assign({}, ...Object.values(CLAIMS)) as Partial<UserEntity>;
      const tokens = await tokensWith(fields, ["openid", ...scopes].join(" "));
      const expected = Object.assign({}, ...scopes.map((scope) => CLAIMS[scope])) as object;
      const { sub, ...info } = await userinfo(tokens["access_token"]);
      assert.deepEqual(info, expected);
      const idToken = payloadOf(tokens["id_token"]);
      assert.equal(idToken["sub"], sub);
      const names = Object.keys({ ...CLAIMS.profile, ...CLAIMS.email, ...CLAIMS.phone, ...CLAIMS.address });
      const standard = Object.entries(idToken).filter(([name]) => names.includes(name));
      assert.deepEqual(Object.fromEntries(standard), expected);
    });
  }

  it("leave out what the profile does not say", async () => {
    const tokens = await tokensWith(
      { given_name: null, website: undefined, email: "" },
      "openid profile email",
    );
    const info = await userinfo(tokens["access_token"]);
    assert.deepEqual(
      ["given_name", "website", "family_name", "email"].map((name) => name in info),
      [false, false, true, true],
    );
  });

  it("have no ID token without the scope openid", async () => {
    const tokens = await tokensWith({}, "profile");
    assert.deepEqual(Object.keys(tokens).sort(), ["access_token", "expires_in", "scope", "token_type"]);
    assert.equal(tokens["token_type"], "Bearer");
  });

  it("are good for ten hours where the client says nothing", async () => {
    const plain = addApplication(test);
    const client: ClientEntity = { ...plain.client };
    delete client["jwt_configuration"];
    test.tenant.context.store.tables.clients.put(client);
    const { iat, exp } = payloadOf((await agent.tokens(plain))["id_token"]);
    assert.equal(Number(exp) - Number(iat), 36_000);
  });

  it("are signed with the secret only where the client has one, for as long as the client says", async () => {
    const jwt_configuration = { alg: "HS256", lifetime_in_seconds: 120 };
    const old = addApplication(test, { client: { jwt_configuration } });
    const { id_token = "" } = await agent.tokens(old);
    const { issuer } = test.tenant.context;
    const secret = new TextEncoder().encode(old.client.client_secret);
    const { payload, protectedHeader } = await jwtVerify(id_token, secret, { issuer });
    assert.deepEqual(protectedHeader, { alg: "HS256", typ: "JWT" });
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 120);
    const open: ClientEntity = { ...old.client };
    delete open.client_secret;
    test.tenant.context.store.tables.clients.put({ ...open, token_endpoint_auth_method: "none" });
    const tokens = (await agent.exchange(old, await agent.code(old), { client_secret: undefined })).json<
      Record<string, string>
    >();
    await test.tenant.context.keys.verify(tokens["id_token"] ?? "", { issuer });
  });

  describe("for an API", () => {
    const audience = "https://api.example/";
    const api = { id: "api", identifier: audience, name: "API", scopes: [{ value: "read:a" }] };
    const put = (more: Record<string, unknown> = {}) =>
      test.tenant.context.store.tables.resourceServers.put({ ...api, ...more });
    const accessToken = async (scope = "openid read:a") =>
      payloadOf((await agent.tokens(application, { audience, scope }))["access_token"]);

    it("say who asked for what, for whom, and from when to when", async () => {
      put();
      const { iat, exp, jti, ...claims } = await accessToken();
      const { issuer, store } = test.tenant.context;
      assert.deepEqual(claims, {
        iss: issuer,
        sub: store.tables.users.list()[0]?.user_id,
        aud: [audience, `${issuer}userinfo`],
        scope: "openid read:a",
        azp: application.client.client_id,
      });
      assert.equal(Number(exp) - Number(iat), 86_400);
      assert.equal(iat, Math.floor(now / 1000));
      assert.match(String(jti), /^[A-Za-z0-9]{22}$/);
    });

    it("are good as long as the API says, and say no scope where there is none", async () => {
      put({ token_lifetime: 60 });
      const { iat, exp, ...claims } = await accessToken("unknown");
      assert.equal(Number(exp) - Number(iat), 60);
      assert.equal("scope" in claims, false);
      assert.equal(claims["aud"], audience);
    });

    it("have permissions, in order, only where the API enforces them and its tokens carry them", async () => {
      const { users } = test.tenant.context.store.tables;
      const [user] = users.list();
      assert.ok(user);
      const names = ["write:a", "read:a"];
      const permissions = names.map((permission_name) => ({
        resource_server_identifier: audience,
        permission_name,
      }));
      users.put({ ...user, permissions });
      const scopes = names.map((value) => ({ value }));
      for (const [enforce_policies, token_dialect, expected] of [
        [true, "access_token_authz", ["read:a", "write:a"]],
        [true, "rfc9068_profile_authz", ["read:a", "write:a"]],
        [true, "access_token", undefined],
        [true, undefined, undefined],
        [false, "access_token_authz", undefined],
      ] as const) {
        put({ enforce_policies, token_dialect, scopes });
        const claims = await accessToken();
        assert.deepEqual(claims["permissions"], expected, `${enforce_policies} ${token_dialect}`);
      }
    });
  });
});

describe("/userinfo without a token that will do", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));

  it("asks for one as RFC 6750 says", async () => {
    for (const authorization of ["", "Basic abc", "Bearer", "Bearer a b", "XBearer a"]) {
      const answer = await agent.get("/userinfo", { authorization });
      assert.deepEqual([answer.statusCode, answer.body], [401, "Unauthorized"], authorization);
      assert.equal(answer.headers["www-authenticate"], 'Bearer realm="Users"');
      assert.match(String(answer.headers["content-type"]), /^text\/plain/);
      assert.equal(answer.headers["cache-control"], "no-store");
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
    }
  });

  it("takes the word Bearer in any case", async () => {
    const { access_token = "" } = await agent.tokens(application);
    for (const word of ["Bearer", "bearer ", "BEARER"]) {
      const answer = await agent.get("/userinfo", { authorization: `${word} ${access_token}` });
      assert.equal(answer.statusCode, 200, word);
      assert.equal(test.tenant.context.log.list().at(-1)?.clientId, application.client.client_id);
    }
  });

  it("says that an unknown one, or one of a person who is gone, is invalid", async () => {
    const { access_token = "" } = await agent.tokens(application);
    test.tenant.context.store.tables.users.replaceAll([]);
    for (const token of ["unknown", access_token]) {
      const answer = await agent.get("/userinfo", { authorization: `Bearer ${token}` });
      assert.deepEqual([answer.statusCode, answer.body], [401, "Unauthorized"]);
      assert.match(String(answer.headers["content-type"]), /^text\/plain/);
      assert.equal(
        answer.headers["www-authenticate"],
        'Bearer realm="Users", error="invalid_token", error_description="Invalid token"',
      );
    }
  });

  it("says that openid is missing where it is", async () => {
    const { access_token = "" } = await agent.tokens(application, { scope: "email" });
    const answer = await agent.get("/userinfo", { authorization: `Bearer ${access_token}` });
    assert.equal(answer.statusCode, 403);
    assert.deepEqual(answer.json(), {
      error: "insufficient_scope",
      error_description: "The token lacks the scope openid.",
    });
    assert.equal(
      answer.headers["www-authenticate"],
      'Bearer realm="Users", error="insufficient_scope", scope="openid"',
    );
  });

  it("takes no token that is not a text", async () => {
    const answer = await test.tenant.app.inject({
      method: "POST",
      url: "/userinfo",
      headers: { host: test.tenant.context.domain },
      payload: { access_token: ["a"] },
    });
    assert.equal(answer.statusCode, 401);
  });
});
