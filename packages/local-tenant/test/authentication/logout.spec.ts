import assert from "node:assert/strict";
import { UnsecuredJWT } from "jose";
import { addApplication } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("logging out", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test));
  const browser = perTest(() => new Agent(test));
  let tokens: Record<string, string>;
  beforeEach(async () => {
    tokens = await browser.tokens(application);
  });

  const home = "http://localhost:3000/";
  const query = (values: Record<string, string>) => new URLSearchParams(values).toString();
  const isSignedIn = async () => {
    const response = await browser.authorize(application, { prompt: "none" });
    return answerOf(response)["code"] !== undefined;
  };

  it("over /v2/logout ends the session and goes to an allowed address", async () => {
    assert.equal(await isSignedIn(), true);
    const { client_id } = application.client;
    const response = await browser.get(`/v2/logout?${query({ client_id, returnTo: home })}`);
    assert.equal(response.statusCode, 302);
    assert.equal(response.headers.location, home);
    assert.equal(await isSignedIn(), false);
  });

  it("also ends it for somebody who kept the cookie", async () => {
    const cookies = new Map(browser.cookies);
    await browser.get("/v2/logout");
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    assert.equal(await isSignedIn(), false);
  });

  it("over /oidc/logout takes the client from the ID token, and brings the state back", async () => {
    now += 40_000_000;
    const id_token_hint = tokens["id_token"] ?? "";
    const response = await browser.get(
      `/oidc/logout?${query({ id_token_hint, post_logout_redirect_uri: home, state: "s&x" })}`,
    );
    assert.equal(response.headers.location, `${home}?state=s%26x`);
    assert.equal(await isSignedIn(), false);
  });

  it("shows a page where no address is named", async () => {
    for (const path of ["/v2/logout", "/oidc/logout"]) {
      const response = await browser.get(path);
      assert.equal(response.statusCode, 200);
      assert.match(response.body, /You are signed out/);
    }
  });

  const foreign = [
    "https://evil.example/",
    "http://localhost:3000.evil.example/",
    "http://localhost:3000/other",
    "//evil.example",
    "javascript:alert(1)",
    "http://localhost:3000/\r\nset-cookie: a=b",
    "http://localhost:3000@evil.example/",
  ];
  for (const address of foreign) {
    it(`never goes to ${JSON.stringify(address)}`, async () => {
      const { client_id } = application.client;
      const paths = [
        `/v2/logout?${query({ client_id, returnTo: address })}`,
        `/v2/logout?${query({ returnTo: address })}`,
        `/oidc/logout?${query({ client_id, post_logout_redirect_uri: address })}`,
        `/oidc/logout?${query({ post_logout_redirect_uri: address })}`,
      ];
      for (const path of paths) {
        const response = await browser.get(path);
        assert.equal(response.statusCode, 400);
        assert.equal(response.headers.location, undefined);
        assert.match(response.body, /<code>invalid_request<\/code>/);
      }
      assert.equal(await isSignedIn(), true);
    });
  }

  it("does not believe an ID token that is unsigned, of a rotated and revoked key, or another client's", async () => {
    const claims = payloadOf(tokens["id_token"]);
    const unsigned = new UnsecuredJWT(claims).encode();
    const other = await browser.tokens(addApplication(test));
    for (const values of [
      { id_token_hint: unsigned },
      { id_token_hint: "nothing" },
      { id_token_hint: other["id_token"] ?? "", client_id: application.client.client_id },
    ]) {
      const response = await browser.get(
        `/oidc/logout?${query({ ...values, post_logout_redirect_uri: home })}`,
      );
      assert.equal(response.statusCode, 400);
      assert.equal(response.headers.location, undefined);
    }
  });

  it("is logged, whether it was allowed or not", async () => {
    await browser.get(`/v2/logout?${query({ returnTo: "https://evil.example/" })}`);
    await browser.get("/v2/logout");
    const rows = test.tenant.context.store.tables.logs.list().slice(-2);
    assert.deepEqual(
      rows.map(({ type }) => type),
      ["flo", "slo"],
    );
    assert.equal(rows[1]?.["user_id"], payloadOf(tokens["id_token"])["sub"]);
  });

  it("without a client goes only to the tenant's own allowed addresses", async () => {
    const { store } = test.tenant.context;
    store.settings = { ...store.settings, allowed_logout_urls: ["https://intranet.example/"] };
    const path = `/v2/logout?${query({ returnTo: "https://intranet.example/" })}`;
    assert.equal((await browser.get(path)).headers.location, "https://intranet.example/");
    const { client_id } = application.client;
    const named = await browser.get(`${path}&${query({ client_id })}`);
    assert.equal(named.statusCode, 400);
  });
});
