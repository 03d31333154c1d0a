import assert from "node:assert/strict";
import { SignJWT, UnsecuredJWT } from "jose";
import type { ClientEntity } from "../../src/store/entities.ts";
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

  it("over /oidc/logout takes a form as well", async () => {
    const { client_id } = application.client;
    const form = { client_id, post_logout_redirect_uri: home, state: "s" };
    const response = await browser.post("/oidc/logout", form);
    assert.equal(response.headers.location, `${home}?state=s`);
    assert.equal(await isSignedIn(), false);
  });

  it("brings the state behind the query that an address has, and nothing where there is no state", async () => {
    const { client_id } = application.client;
    const to = (address: string, more = {}) =>
      browser.get(`/oidc/logout?${query({ client_id, post_logout_redirect_uri: address, ...more })}`);
    const address = `${home}?from=portal`;
    assert.equal((await to(address, { state: "s" })).headers.location, `${address}&state=s`);
    assert.equal((await to(address)).headers.location, address);
    assert.equal((await to(home)).headers.location, home);
  });

  it("shows a page where no address is named", async () => {
    for (const path of ["/v2/logout", "/oidc/logout"]) {
      const response = await browser.get(path);
      assert.equal(response.statusCode, 200);
      assert.match(response.body, /<title>Signed out<\/title>/);
      assert.match(response.body, /You are signed out/);
      assert.match(response.body, /<a href="\/v2\/logout\?federated">/);
    }
    const stranger = await new Agent(test).get("/v2/logout");
    assert.match(stranger.body, /You are signed out/);
    assert.doesNotMatch(stranger.body, /federated/);
  });

  it("is asked for without any parameter, in a POST too", async () => {
    const response = await test.tenant.app.inject({
      method: "POST",
      url: "/oidc/logout",
      headers: { host: test.tenant.context.domain },
    });
    assert.equal(response.statusCode, 200);
    assert.match(response.body, /You are signed out/);
  });

  it("ends the session at the directory only with federated, which needs no value", async () => {
    const knows = async () => /federated/.test((await browser.get("/v2/logout")).body);
    assert.equal(await knows(), true);
    const ways: (() => Promise<unknown>)[] = [
      () => browser.get("/v2/logout?federated"),
      () => browser.get("/oidc/logout?federated="),
      () => browser.post("/oidc/logout", { federated: "" }),
    ];
    for (const logOut of ways) {
      await browser.tokens(application);
      assert.equal(await knows(), true);
      await logOut();
      assert.equal(await knows(), false);
    }
  });

  it("takes the cookie away that the session was in", async () => {
    const response = await browser.get("/v2/logout");
    const cookie = response.cookies.find(({ name }) => name.startsWith("__Host-tenant-session-"));
    assert.equal(cookie?.value, "");
    assert.ok((cookie.expires?.getTime() ?? 1) <= 0);
  });

  it("believes an ID token that is signed with the client's secret, and none with another", async () => {
    const old = addApplication(test, { client: { jwt_configuration: { alg: "HS256" } } });
    const { id_token = "" } = await browser.tokens(old);
    const to = (id_token_hint: string) =>
      browser.get(`/oidc/logout?${query({ id_token_hint, post_logout_redirect_uri: home })}`);
    assert.equal((await to(id_token)).headers.location, home);
    const forge = (secret: string, changes = {}) =>
      new SignJWT({ ...payloadOf(id_token), ...changes })
        .setProtectedHeader({ alg: "HS256" })
        .sign(new TextEncoder().encode(secret));
    for (const forged of [
      await forge("another secret, which is as long as one must be"),
      await forge(old.client.client_secret, { iss: "https://elsewhere.example/" }),
      await forge(application.client.client_secret, { aud: [old.client.client_id] }),
    ]) {
      const refused = await to(forged);
      assert.equal(refused.statusCode, 400);
      assert.match(refused.body, /id_token_hint is not an ID token of this tenant/);
      assert.match(refused.body, /<code>invalid_request<\/code>/);
    }
  });

  it("does not believe an ID token for another tenant or for nobody here", async () => {
    const { keys, issuer } = test.tenant.context;
    const claims = payloadOf(tokens["id_token"]);
    const to = async (changes: Record<string, unknown>) => {
      const id_token_hint = await keys.sign({ ...claims, ...changes });
      return browser.get(`/oidc/logout?${query({ id_token_hint, post_logout_redirect_uri: home })}`);
    };
    assert.equal((await to({ iss: issuer })).headers.location, home);
    for (const changes of [{ iss: "https://elsewhere.example/" }, { aud: "nobody" }, { aud: ["nobody"] }]) {
      assert.equal((await to(changes)).statusCode, 400, JSON.stringify(changes));
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

  it("says what is wrong with what it was given", async () => {
    const { client_id } = application.client;
    const other = "https://evil.example/";
    const id_token_hint = tokens["id_token"] ?? "";
    const cases: [path: string, why: string][] = [
      ["/v2/logout?client_id=nobody", "Unknown client: nobody"],
      ["/oidc/logout?client_id=nobody", "Unknown client: nobody"],
      [
        `/oidc/logout?${query({ id_token_hint, client_id: "nobody" })}`,
        "client_id is not the audience of id_token_hint",
      ],
      [
        `/v2/logout?${query({ client_id, returnTo: other })}`,
        `The "returnTo" querystring parameter "${other}" is not defined as a valid URL in the client's "Allowed Logout URLs".`,
      ],
      [
        `/oidc/logout?${query({ post_logout_redirect_uri: other })}`,
        `The "post_logout_redirect_uri" querystring parameter "${other}" is not defined as a valid URL in the tenant's "Allowed Logout URLs".`,
      ],
    ];
    for (const [path, why] of cases) {
      const refused = await browser.get(path);
      assert.equal(refused.statusCode, 400, path);
      assert.match(refused.body, /<code>invalid_request<\/code>/);
      const row = test.tenant.context.store.tables.logs.list().at(-1);
      assert.deepEqual([row?.type, row?.["description"]], ["flo", why]);
    }
    const both = query({ id_token_hint, client_id, post_logout_redirect_uri: home });
    assert.equal((await browser.get(`/oidc/logout?${both}`)).headers.location, home);
  });

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
    const { client_id, name } = application.client;
    await browser.get(`/v2/logout?${query({ client_id })}`);
    await browser.get("/v2/logout");
    const [refused, named, none] = test.tenant.context.store.tables.logs.list().slice(-3);
    assert.deepEqual([refused?.type, named?.type, none?.type], ["flo", "slo", "slo"]);
    const { sub, sid } = payloadOf(tokens["id_token"]);
    assert.deepEqual([named?.["user_id"], named?.["session_id"]], [sub, sid]);
    assert.deepEqual([named?.["client_id"], named?.["client_name"]], [client_id, name]);
    for (const field of ["user_id", "session_id", "client_id", "client_name"]) {
      assert.equal(none !== undefined && field in none, false, field);
    }
  });

  it("without a client goes only to the tenant's own allowed addresses", async () => {
    const { store } = test.tenant.context;
    store.settings = { ...store.settings, allowed_logout_urls: ["https://intranet.example/"] };
    const path = `/v2/logout?${query({ returnTo: "https://intranet.example/" })}`;
    assert.equal((await browser.get(path)).headers.location, "https://intranet.example/");
    const { client_id } = application.client;
    const named = await browser.get(`${path}&${query({ client_id })}`);
    assert.equal(named.statusCode, 400);
    const { clients } = store.tables;
    const without: ClientEntity = { ...application.client };
    delete without.allowed_logout_urls;
    clients.put(without);
    assert.equal((await browser.get(`${path}&${query({ client_id })}`)).statusCode, 400);
    clients.put(application.client);
    store.settings = { ...store.settings, allowed_logout_urls: undefined };
    assert.equal((await browser.get(path)).statusCode, 400);
  });
});
