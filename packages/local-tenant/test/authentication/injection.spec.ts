import assert from "node:assert/strict";
import fc from "fast-check";
import { addApplication } from "../support/application.ts";
import { Agent, answerOf } from "../support/oauth.ts";
import { harmless, HOSTILE } from "../support/hostile.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("what comes from outside", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));

  const reflected = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "audience",
    "connection",
    "prompt",
    "max_age",
    "login_hint",
    "code_challenge",
    "code_challenge_method",
    "ui_locales",
    "acr_values",
    "organization",
  ];
  for (const name of reflected) {
    it(`does no harm as ${name}, on a page, in a redirect or in a form`, async () => {
      const first = harmless(await agent.authorize(application, { [name]: HOSTILE }));
      if (String(first.headers.location).startsWith("/u/login")) {
        harmless(await agent.get(String(first.headers.location)));
        harmless(await agent.pick(first, "ada.lindqvist@xyz.example"));
      }
      harmless(
        await agent.authorize(application, { [name]: HOSTILE, response_mode: "form_post", prompt: "none" }),
      );
    });
  }

  it("comes back unchanged as state", async () => {
    assert.equal(answerOf(await agent.signIn(application, { state: HOSTILE }))["state"], HOSTILE);
  });

  it("does no harm in the sign-in page's own fields", async () => {
    const redirect = await agent.authorize(application);
    const state = answerOf(redirect)["state"] ?? "";
    harmless(await agent.get(`/u/login?${new URLSearchParams({ state, q: HOSTILE }).toString()}`));
    harmless(await agent.get(`/u/login?${new URLSearchParams({ state: HOSTILE, q: HOSTILE }).toString()}`));
    harmless(await agent.post("/u/login", { state, employee: HOSTILE }));
    harmless(await agent.post("/u/login", { state: HOSTILE, username: HOSTILE, password: HOSTILE }));
    harmless(await agent.get(`/continue?${new URLSearchParams({ state: HOSTILE }).toString()}`));
  });

  it("does no harm as a name that a deployer chose", async () => {
    const named = addApplication(test, { client: { name: HOSTILE } });
    test.tenant.context.store.tables.connections.put({ ...named.connection, name: HOSTILE });
    const redirect = harmless(await agent.authorize(named, { connection: undefined }));
    harmless(await agent.get(String(redirect.headers.location)));
  });

  it("does no harm in the headers and bodies of the token endpoints", async () => {
    for (const name of [
      "grant_type",
      "code",
      "redirect_uri",
      "code_verifier",
      "client_id",
      "client_secret",
    ]) {
      harmless(await agent.exchange(application, "x", { [name]: HOSTILE }));
    }
    for (const authorization of [
      `Basic ${Buffer.from(HOSTILE).toString("base64")}`,
      "Basic %%%",
      "Bearer é",
    ]) {
      harmless(await agent.token({ grant_type: "client_credentials" }, { authorization }));
      harmless(await agent.get("/userinfo", { authorization }));
    }
  });

  it("is refused when it is too large", async () => {
    const large = "x".repeat(1_100_000);
    for (const path of ["/u/login", "/authorize", "/oidc/logout", "/continue", "/_local/sign-in"]) {
      const page = await agent.post(path, { state: large });
      assert.equal(page.statusCode, 413, path);
      assert.match(page.body, /<code>invalid_request<\/code>/);
    }
    for (const path of ["/oauth/token", "/oauth/revoke", "/userinfo"]) {
      const answer = await agent.post(path, { token: large });
      assert.equal(answer.statusCode, 413, path);
      assert.equal(answer.json<Record<string, string>>()["error"], "invalid_request");
    }
  });

  it("is refused as a path that is not a URL, in Auth0's shape and without a framework's name", async () => {
    for (const path of ["/%zz", "/api/v2/users/%e0%a4%a"]) {
      const response = harmless(await agent.get(path));
      assert.equal(response.statusCode, 400, path);
      assert.deepEqual(Object.keys(response.json<object>()), ["statusCode", "error", "message", "errorCode"]);
    }
  });

  it("is refused in a body of another kind, or one that is broken", async () => {
    const other = await agent.post("/oauth/token", {}, { "content-type": "application/xml" });
    assert.equal(other.statusCode, 415);
    const broken = await agent.post("/oauth/token", { a: "b" }, { "content-type": "application/json" });
    assert.equal(broken.statusCode, 400);
    for (const response of [other, broken]) {
      assert.equal(response.json<Record<string, string>>()["error"], "invalid_request");
      assert.equal(response.headers["cache-control"], "no-store");
    }
  });

  it("never makes the tenant fail, whatever it is", async function () {
    this.timeout(60_000);
    const { client_id, client_secret } = application.client;
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        client_id,
        client_secret,
        application.redirectUri,
        application.connection.name,
        "code",
        "none",
      ),
      fc.constantFrom("authorization_code", "refresh_token", "client_credentials", "openid offline_access"),
    );
    const name = fc.constantFrom(
      ...reflected,
      ...["grant_type", "code", "code_verifier", "client_secret", "refresh_token", "token", "access_token"],
      ...[
        "client_assertion",
        "client_assertion_type",
        "id_token_hint",
        "returnTo",
        "post_logout_redirect_uri",
      ],
      ...["employee", "username", "password", "q", "__proto__", "constructor"],
    );
    const values = fc.array(fc.tuple(name, value), { maxLength: 8 });
    const target = fc.constantFrom(
      ...[
        "GET /authorize",
        "POST /authorize",
        "GET /u/login",
        "POST /u/login",
        "GET /continue",
        "POST /continue",
      ],
      ...["POST /oauth/token", "POST /oauth/revoke", "GET /userinfo", "POST /userinfo", "GET /v2/logout"],
      ...["GET /oidc/logout", "POST /oidc/logout", "OPTIONS /oauth/token"],
    );
    const json = fc.oneof(fc.constant(undefined), fc.jsonValue());
    // Half of the requests are good ones with something changed: they get past the first checks.
    const good = {
      client_id,
      client_secret,
      redirect_uri: application.redirectUri,
      response_type: "code",
      connection: application.connection.name,
      grant_type: "authorization_code",
      code: await agent.code(application),
    };
    await fc.assert(
      fc.asyncProperty(target, values, json, fc.boolean(), async (where, changes, body, isGood) => {
        const [method = "", path = ""] = where.split(" ");
        const changed = new Set(changes.map(([name]) => name));
        const kept = Object.entries(isGood ? good : {}).filter(([name]) => !changed.has(name));
        const encoded = new URLSearchParams([...kept, ...changes]).toString();
        const posts = method === "POST";
        const response = await test.tenant.app.inject({
          method: method as "GET",
          url: posts ? path : `${path}?${encoded}`,
          headers: {
            host: test.tenant.context.domain,
            ...(posts && body === undefined ? { "content-type": "application/x-www-form-urlencoded" } : {}),
            ...(posts && body !== undefined ? { "content-type": "application/json" } : {}),
          },
          ...(posts ? { payload: body === undefined ? encoded : JSON.stringify(body) } : {}),
        });
        assert.ok(response.statusCode < 500, `${where} ${encoded} ${response.body}`);
      }),
      { numRuns: 10_000 },
    );
  });
});
