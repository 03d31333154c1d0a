import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import type { TestApplication } from "../support/application.ts";
import { Agent, CHALLENGE, VERIFIER, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

type Values = Record<string, string | undefined>;

describe("the parameters of /authorize", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const browser = perTest(() => new Agent(test));

  /** What the application hears; without an error, the browser is sent to the sign-in page. */
  async function refusalOf(changes: Values, by: TestApplication = application): Promise<unknown> {
    const response = await browser.authorize(by, { state: undefined, ...changes });
    assert.equal(response.statusCode, 302, response.body);
    const { error, error_description, ...rest } = answerOf(response);
    if (error === undefined) {
      assert.match(String(response.headers.location), /^\/u\/login\?state=/);
      return undefined;
    }
    assert.ok(response.headers.location?.startsWith(`${by.redirectUri}?`));
    assert.deepEqual(rest, {}, "a state that nobody sent");
    return [error, error_description];
  }

  it("must name a response mode that there is", async () => {
    assert.deepEqual(await refusalOf({ response_mode: "pigeon" }), [
      "invalid_request",
      "Unsupported response mode: pigeon",
    ]);
    assert.equal(await refusalOf({ response_mode: "query" }), undefined);
  });

  it("ask for a code, which is all that the tenant gives", async () => {
    const implicit = addApplication(test, { client: { grant_types: ["implicit", "authorization_code"] } });
    for (const response_type of ["token", "id_token", "code id_token", "token id_token"]) {
      assert.deepEqual(await refusalOf({ response_type }, implicit), [
        "unsupported_response_type",
        `The local tenant answers only response_type=code, not ${response_type}`,
      ]);
    }
    assert.deepEqual(await refusalOf({ response_type: "code magic" }), [
      "unsupported_response_type",
      "Unsupported response type: code magic",
    ]);
    const machine = addApplication(test, { client: { grant_types: ["client_credentials"] } });
    assert.deepEqual(await refusalOf({}, machine), [
      "unauthorized_client",
      "Grant type 'authorization_code' not allowed for the client.",
    ]);
  });

  it("may leave out the address, which is then the client's first", async () => {
    const callbacks = ["http://localhost:3000/first", "http://localhost:3000/second"];
    const two = { ...addApplication(test, { client: { callbacks } }), redirectUri: callbacks[0] ?? "" };
    const response = await browser.signIn(two, { redirect_uri: undefined });
    assert.ok(response.headers.location?.startsWith("http://localhost:3000/first?code="));
    const second = await browser.authorize(two, { redirect_uri: callbacks[1] });
    assert.ok(second.headers.location?.startsWith("http://localhost:3000/second?code="));
    const none = addApplication(test, { client: { callbacks: [] } });
    const refused = await browser.authorize(none, { redirect_uri: undefined });
    assert.equal(refused.statusCode, 403);
    assert.match(refused.body, /The provided redirect_uri is not in the list of allowed callback URLs\./);
    const other = await browser.authorize(none);
    assert.match(
      other.body,
      /The provided redirect_uri http:\/\/localhost:3000\/callback is not in the list/,
    );
  });

  it("may not ask for what the tenant does not have", async () => {
    const organization = ["invalid_request", "parameter organization is not allowed for this client"];
    assert.deepEqual(await refusalOf({ organization: "org_1" }), organization);
    assert.deepEqual(await refusalOf({ invitation: "inv_1" }), organization);
    assert.deepEqual(await refusalOf({ request_uri: "https://app.example/request" }), [
      "request_uri_not_supported",
      "Pushed and remote request objects are not supported",
    ]);
  });

  it("name prompts that there are", async () => {
    assert.deepEqual(await refusalOf({ prompt: "login create" }), [
      "invalid_request",
      "Unsupported prompt: create",
    ]);
    for (const prompt of ["login", "consent", "select_account", " login  consent "]) {
      assert.equal(await refusalOf({ prompt }), undefined, prompt);
    }
  });

  it("ask for an age in seconds", async () => {
    for (const max_age of ["0", "60", "999999999"]) assert.equal(await refusalOf({ max_age }), undefined);
    for (const max_age of ["-1", "1.5", "60s", "s60", "1000000000"]) {
      assert.deepEqual(await refusalOf({ max_age }), [
        "invalid_request",
        "max_age must be a number of seconds",
      ]);
    }
  });

  it("bring a challenge of RFC 7636", async () => {
    assert.deepEqual(await refusalOf({ code_challenge: undefined }), [
      "invalid_request",
      "Missing required parameter: code_challenge",
    ]);
    const none = { code_challenge: undefined, code_challenge_method: undefined };
    assert.equal(await refusalOf(none), undefined);
    for (const code_challenge of ["a".repeat(43), "a".repeat(128), `-._~${"a".repeat(39)}`]) {
      assert.equal(await refusalOf({ code_challenge }), undefined, code_challenge);
    }
    for (const code_challenge of [
      "a".repeat(42),
      "a".repeat(129),
      `+${"a".repeat(43)}`,
      `${"a".repeat(43)}=`,
    ]) {
      assert.deepEqual(await refusalOf({ code_challenge }), [
        "invalid_request",
        "code_challenge must be 43 to 128 characters of [A-Za-z0-9-._~]",
      ]);
    }
  });

  for (const code_challenge_method of ["plain", undefined]) {
    it(`take the verifier itself as a challenge with the method ${code_challenge_method}`, async () => {
      const plain = { code_challenge: VERIFIER, code_challenge_method };
      assert.equal(
        (await browser.exchange(application, await browser.code(application, plain))).statusCode,
        200,
      );
      const hashed = await browser.code(application, { code_challenge: CHALLENGE, code_challenge_method });
      const refused = await browser.exchange(application, hashed);
      assert.deepEqual([refused.statusCode, refused.json<{ error: string }>().error], [403, "invalid_grant"]);
    });
  }

  it("name scopes with any space between them", async () => {
    const code = await browser.code(application, { scope: " openid   email " });
    const tokens = (await browser.exchange(application, code)).json<Record<string, string>>();
    assert.equal(tokens["scope"], "openid email");
  });

  it("are for the API of the tenant's settings where they name none", async () => {
    const audience = "https://default.example/";
    test.tenant.context.store.tables.resourceServers.put({ id: "d", identifier: audience, name: "Default" });
    const audienceOf = async (changes: Values) => {
      const { access_token = "" } = await browser.tokens(application, { scope: "email", ...changes });
      return access_token.includes(".") ? payloadOf(access_token)["aud"] : undefined;
    };
    assert.equal(await audienceOf({}), undefined);
    await test.api("PATCH", "/tenants/settings", { default_audience: audience });
    assert.equal(await audienceOf({}), audience);
    assert.equal(await audienceOf({ audience: `${test.tenant.context.issuer}userinfo` }), undefined);
    await test.api("PATCH", "/tenants/settings", { default_audience: "" });
    assert.equal(await audienceOf({}), undefined);
  });

  it("may name an API that lets applications ask for people", async () => {
    const put = (audience: string, policy: string) =>
      test.tenant.context.store.tables.resourceServers.put({
        id: policy,
        identifier: audience,
        name: policy,
        subject_type_authorization: { user: { policy } },
      });
    put("https://open.example/", "allow_all");
    put("https://closed.example/", "deny_all");
    assert.equal(await refusalOf({ audience: "https://open.example/" }), undefined);
    const { client_id } = application.client;
    assert.deepEqual(await refusalOf({ audience: "https://closed.example/" }), [
      "unauthorized_client",
      `Client "${client_id}" is not authorized to access resource server "https://closed.example/".`,
    ]);
  });

  it("of a message to a page need the page's origin, which an application's own scheme has not", async () => {
    const redirectUri = "com.example.app:/callback";
    const web_origins = ["null", "http://localhost:3000"];
    const native = {
      ...addApplication(test, { client: { callbacks: [redirectUri], web_origins } }),
      redirectUri,
    };
    const changes = { response_mode: "web_message", prompt: "none" };
    for (const [by, origin] of [
      [native, "null"],
      [application, "http://localhost:3000"],
    ] as const) {
      const refused = await browser.authorize(by, changes);
      assert.equal(refused.statusCode, 403);
      assert.match(refused.body, /<code>invalid_request<\/code>/);
      assert.match(
        refused.body,
        new RegExp(`The origin ${origin} is not in the client&#39;s Allowed Web Origins\\.`),
      );
    }
  });

  it("are logged where they are refused, a silent sign-on as such", async () => {
    const { client_id } = application.client;
    await refusalOf({ response_type: undefined });
    await refusalOf({ prompt: "none" });
    await browser.authorize(application, { redirect_uri: "https://evil.example/" });
    await browser.authorize(application, { client_id: undefined });
    const rows = test.tenant.context.store.tables.logs.list().slice(-4);
    assert.deepEqual(
      rows.map((row) => [row.type, row["description"], row["client_id"]]),
      [
        ["f", "Missing required parameter: response_type", client_id],
        ["fsa", "Login required", client_id],
        [
          "f",
          "Callback URL mismatch. The provided redirect_uri https://evil.example/ is not in the list of allowed callback URLs.",
          client_id,
        ],
        ["f", "Missing required parameter: client_id", undefined],
      ],
    );
    assert.equal("client_id" in (rows[3] ?? {}), false);
  });
});
