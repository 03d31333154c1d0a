import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent, answerOf } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("/authorize", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));

  describe("shows a page and never redirects", () => {
    const pages: [string, Record<string, string | undefined>, number, string, string][] = [
      ["an unknown client", { client_id: "nobody" }, 400, "invalid_request", "Unknown client: nobody"],
      [
        "no client",
        { client_id: undefined },
        400,
        "invalid_request",
        "Missing required parameter: client_id",
      ],
      [
        "a foreign redirect",
        { redirect_uri: "https://evil.example/" },
        403,
        "unauthorized_client",
        "mismatch",
      ],
      [
        "a longer path",
        { redirect_uri: "http://localhost:3000/callback/x" },
        403,
        "unauthorized_client",
        "mismatch",
      ],
      [
        "an added query",
        { redirect_uri: "http://localhost:3000/callback?x=1" },
        403,
        "unauthorized_client",
        "mismatch",
      ],
      [
        "another case",
        { redirect_uri: "http://localhost:3000/Callback" },
        403,
        "unauthorized_client",
        "mismatch",
      ],
      [
        "user info",
        { redirect_uri: "http://localhost:3000@evil.example/callback" },
        403,
        "unauthorized_client",
        "mismatch",
      ],
    ];
    for (const uri of [
      "http://localhost:3000/callback/",
      "http://localhost:3000/callback#x",
      "http://LOCALHOST:3000/callback",
      "http://localhost:3000/x/../callback",
      "http://localhost:3000/%63allback",
      " http://localhost:3000/callback",
    ]) {
      pages.push([`"${uri}"`, { redirect_uri: uri }, 403, "unauthorized_client", "mismatch"]);
    }

    it("for a client or an address that is named twice", async () => {
      const query = new URLSearchParams({
        client_id: application.client.client_id,
        redirect_uri: application.redirectUri,
        response_type: "code",
      });
      for (const again of ["client_id=x", "redirect_uri=https://evil.example/"]) {
        const response = await new Agent(test).get(`/authorize?${query.toString()}&${again}`);
        assert.deepEqual([response.statusCode, response.headers.location], [400, undefined]);
        assert.match(response.body, /may be given only once/);
        assert.match(response.body, /<code>invalid_request<\/code>/);
      }
    });

    it("for a body that is no form", async () => {
      for (const path of ["/authorize", "/oidc/logout"]) {
        const response = await new Agent(test).post(path, {}, { "content-type": "text/xml" });
        assert.equal(response.statusCode, 415, path);
        assert.match(String(response.headers["content-type"]), /^text\/html/);
        assert.match(response.body, /<code>invalid_request<\/code>/);
      }
    });

    for (const [what, changes, status, error, description] of pages) {
      it(`for ${what}`, async () => {
        const response = await new Agent(test).authorize(application, changes);
        assert.equal(response.statusCode, status);
        assert.equal(response.headers.location, undefined);
        assert.match(String(response.headers["content-type"]), /^text\/html/);
        assert.ok(response.body.includes(`<code>${error}</code>`));
        assert.ok(response.body.includes(description), response.body);
      });
    }
  });

  describe("tells the application, with its state,", () => {
    const refusals: [string, Record<string, string | undefined>, string, string][] = [
      [
        "no response_type",
        { response_type: undefined },
        "invalid_request",
        "Missing required parameter: response_type",
      ],
      [
        "an unknown response_type",
        { response_type: "magic" },
        "unsupported_response_type",
        "Unsupported response type: magic",
      ],
      [
        "the implicit flow",
        { response_type: "token" },
        "unauthorized_client",
        "Grant type 'implicit' not allowed for the client.",
      ],
      [
        "the hybrid flow",
        { response_type: "code id_token" },
        "unauthorized_client",
        "Grant type 'implicit' not allowed for the client.",
      ],
      [
        "an organization",
        { organization: "org_1" },
        "invalid_request",
        "parameter organization is not allowed for this client",
      ],
      [
        "an unknown audience",
        { audience: "https://nowhere.example/" },
        "access_denied",
        "Service not found: https://nowhere.example/",
      ],
      ["an unknown connection", { connection: "nowhere" }, "invalid_request", "the connection was not found"],
      [
        "a connection that is not enabled",
        { connection: "Username-Password-Authentication" },
        "invalid_request",
        "the connection was disabled",
      ],
      ["no session with prompt=none", { prompt: "none" }, "login_required", "Login required"],
      [
        "prompt=none with another",
        { prompt: "none login" },
        "invalid_request",
        "prompt=none cannot be combined with other prompts",
      ],
      [
        "a max_age that is no number",
        { max_age: "soon" },
        "invalid_request",
        "max_age must be a number of seconds",
      ],
      [
        "a short challenge",
        { code_challenge: "short" },
        "invalid_request",
        "code_challenge must be 43 to 128 characters of [A-Za-z0-9-._~]",
      ],
      [
        "an unknown challenge method",
        { code_challenge_method: "S512" },
        "invalid_request",
        "Unsupported code_challenge_method: S512",
      ],
      ["a request object", { request: "eyJ" }, "request_not_supported", "Request objects are not supported"],
    ];
    for (const [what, changes, error, description] of refusals) {
      it(`about ${what}`, async () => {
        const response = await new Agent(test).authorize(application, changes);
        assert.equal(response.statusCode, 302);
        assert.ok(response.headers.location?.startsWith(`${application.redirectUri}?`), response.body);
        assert.deepEqual(answerOf(response), { error, error_description: description, state: "a-state" });
      });
    }

    it("about a grant type that the client lacks", async () => {
      const machine = addApplication(test, { client: { grant_types: ["client_credentials"] } });
      const response = await new Agent(test).authorize(machine);
      assert.equal(answerOf(response)["error"], "unauthorized_client");
    });

    it("about having no connection at all", async () => {
      const lonely = addApplication(test);
      test.tenant.context.store.tables.connections.put({ ...lonely.connection, enabled_clients: [] });
      const response = await new Agent(test).authorize(lonely, { connection: undefined });
      assert.deepEqual(answerOf(response)["error_description"], "no connections enabled for the client");
    });

    it("about a parameter that is repeated", async () => {
      const { client, redirectUri } = application;
      const query = `client_id=${client.client_id}&redirect_uri=${encodeURIComponent(redirectUri)}`;
      const response = await new Agent(test).get(`/authorize?${query}&response_type=code&nonce=1&nonce=2`);
      assert.deepEqual(answerOf(response), {
        error: "invalid_request",
        error_description: "Parameter nonce may be given only once",
      });
    });
  });

  describe("with a session", () => {
    it("signs in silently, with the time and the session id of the first sign-in", async () => {
      const browser = new Agent(test);
      const first = await browser.tokens(application);
      now += 60_000;
      const silent = await browser.authorize(application, { prompt: "none" });
      const second = await browser.exchange(application, answerOf(silent)["code"] ?? "");
      const claims = [first["id_token"], second.json<{ id_token: string }>().id_token].map((token) =>
        test.tenant.context.keys.verify(token ?? "", { issuer: test.tenant.context.issuer }),
      );
      const [before, after] = await Promise.all(claims);
      assert.equal(after?.["auth_time"], before?.["auth_time"]);
      assert.equal(after?.["sid"], before?.["sid"]);
      assert.ok((after?.iat ?? 0) - (before?.iat ?? 0) >= 60);
    });

    it("asks again with prompt=login and max_age=0, and does not count a session that is older than max_age", async () => {
      const browser = new Agent(test);
      await browser.tokens(application);
      const atOnce = await browser.authorize(application, { max_age: "0" });
      assert.match(String(atOnce.headers.location), /^\/u\/login\?state=/);
      now += 120_000;
      for (const changes of [{ prompt: "login" }, { prompt: "select_account" }, { max_age: "0" }]) {
        const response = await browser.authorize(application, changes);
        assert.match(String(response.headers.location), /^\/u\/login\?state=/);
      }
      const young = await browser.authorize(application, { max_age: "3600" });
      assert.ok(answerOf(young)["code"]);
      const silent = await browser.authorize(application, { max_age: "60", prompt: "none" });
      assert.equal(answerOf(silent)["error"], "login_required");
    });

    it("asks again when the session came from a connection that this client may not use", async () => {
      const browser = new Agent(test);
      await browser.tokens(application);
      const other = addApplication(test);
      const response = await browser.authorize(other, { prompt: "none" });
      assert.equal(answerOf(response)["error"], "login_required");
    });

    it("forgets it after the idle time of the tenant's settings", async () => {
      const browser = new Agent(test);
      await browser.tokens(application);
      now += 73 * 3_600_000;
      const response = await browser.authorize(application, { prompt: "none" });
      assert.equal(answerOf(response)["error"], "login_required");
    });

    it("does not use the session of a user who was deleted or blocked", async () => {
      const browser = new Agent(test);
      const { id_token } = await browser.tokens(application, { employee: "noor.hassan@xyz.example" });
      const claims = await test.tenant.context.keys.verify(id_token ?? "", {
        issuer: test.tenant.context.issuer,
      });
      const { users } = test.tenant.context.store.tables;
      const user = users.get(claims.sub ?? "");
      assert.ok(user);
      users.put({ ...user, blocked: true });
      const response = await browser.authorize(application, { prompt: "none" });
      assert.equal(answerOf(response)["error"], "login_required");
      const again = await browser.signIn(application, { employee: "noor.hassan@xyz.example" });
      assert.equal(answerOf(again)["error"], "unauthorized");
    });

    it("keeps it in a cookie that only this tenant's pages over HTTPS get", async () => {
      const response = await new Agent(test).signIn(application);
      const cookie = response.cookies.find(({ name }) => name.includes("session"));
      const port = test.tenant.port;
      assert.equal(cookie?.name, `__Host-tenant-session-${port}`);
      assert.equal(cookie?.httpOnly, true);
      assert.equal(cookie?.secure, true);
      assert.equal(cookie?.sameSite, "None");
      assert.equal(cookie?.path, "/");
    });
  });

  describe("answers by the response mode", () => {
    it("fragment", async () => {
      const response = await new Agent(test).signIn(application, { response_mode: "fragment" });
      assert.match(
        String(response.headers.location),
        /^http:\/\/localhost:3000\/callback#code=[\w-]+&state=a-state$/,
      );
    });

    it("form_post, with a button for those without script", async () => {
      const response = await new Agent(test).signIn(application, { response_mode: "form_post" });
      assert.equal(response.statusCode, 200);
      assert.match(response.body, /<form method="post" action="http:\/\/localhost:3000\/callback"/);
      assert.match(response.body, /<input type="hidden" name="code" value="[\w-]+"/);
      assert.match(response.body, /<button/);
    });

    it("web_message, framed by a page of the redirect's origin, which the client must allow", async () => {
      const changes = { response_mode: "web_message", prompt: "none", state: `"><script>` };
      const refused = await new Agent(test).authorize(application, changes);
      assert.equal(refused.statusCode, 403);
      const origin = "http://localhost:3000";
      const spa = addApplication(test, { client: { web_origins: [origin] } });
      const response = await new Agent(test).authorize(spa, changes);
      assert.equal(response.statusCode, 200);
      assert.ok(response.body.includes(`data-origin="${origin}"`));
      assert.ok(response.body.includes("{&quot;error&quot;:&quot;login_required&quot;"));
      assert.equal(response.body.includes(`"><script>`), false);
      assert.ok(String(response.headers["content-security-policy"]).endsWith(`frame-ancestors ${origin}`));
      assert.equal(response.headers["x-frame-options"], undefined);
    });

    it("and keeps the query that a registered callback has", async () => {
      const redirectUri = "http://localhost:3000/callback?tenant=1";
      const other = { ...addApplication(test, { client: { callbacks: [redirectUri] } }), redirectUri };
      const response = await new Agent(test).signIn(other);
      assert.equal(answerOf(response)["tenant"], "1");
      assert.ok(answerOf(response)["code"]);
    });
  });

  it("takes its parameters from a form as well", async () => {
    const { client, connection, redirectUri } = application;
    const response = await new Agent(test).post("/authorize", {
      client_id: client.client_id,
      redirect_uri: redirectUri,
      response_type: "code",
      connection: connection.name,
    });
    assert.match(String(response.headers.location), /^\/u\/login\?state=/);
  });
});
