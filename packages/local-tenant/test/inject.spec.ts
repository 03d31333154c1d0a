import assert from "node:assert/strict";
import { createTenant } from "../src/index.ts";
import { fetchOver } from "../src/lib/browser.ts";
import { inOneLine, portalOf, setFaults } from "./support/at-tenant.ts";
import { perSuite, perTest } from "./support/per-suite.ts";
import { deployPortal, deployTo, PORTAL, SECOND_CALLBACK } from "./support/portal.ts";

describe("a request without a socket", () => {
  const root = perSuite(async () => {
    const made = await createTenant();
    await deployPortal(made);
    return made;
  });
  const tenant = perTest(() => root.fork());

  it("is answered as over HTTPS", async () => {
    for (const url of [
      "/.well-known/openid-configuration",
      "/userinfo",
      "/authorize?client_id=x",
      "/nothing",
    ]) {
      const inProcess = await root.inject({ url });
      const overHttps = await fetchOver(`${root.issuer}${url.slice(1)}`, { ca: root.ca });
      assert.deepEqual([inProcess.status, inProcess.body], [overHttps.status, overHttps.body], url);
      assert.deepEqual(lasting(inProcess.headers), lasting(overHttps.headers), url);
    }
  });

  it("takes an address of the tenant too, and no other", async () => {
    const discovery = await tenant.inject({ url: `${tenant.issuer}.well-known/openid-configuration` });
    assert.equal(discovery.json<{ issuer: string }>().issuer, tenant.issuer);
    for (const url of ["https://elsewhere.example/", "userinfo", ""]) {
      await assert.rejects(tenant.inject({ url }), inOneLine(/is not for this tenant. Give a path/));
    }
  });

  it("sends a form, JSON or text, by POST unless another method is named", async () => {
    const { clientId: client_id, clientSecret: client_secret } = tenant.deployer;
    const fields = {
      grant_type: "client_credentials",
      client_id,
      client_secret,
      audience: `${tenant.issuer}api/v2/`,
    };
    const form = new URLSearchParams(fields);
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    for (const request of [{ body: fields }, { body: form }, { body: form.toString(), headers }]) {
      const answer = await tenant.inject({ url: "/oauth/token", ...request });
      assert.equal(answer.status, 200, answer.body);
      assert.ok(answer.json<{ access_token: string }>().access_token);
    }
    assert.equal((await tenant.inject({ url: "/oauth/token", method: "GET" })).status, 404);
  });

  it("carries the caller's headers and no made-up ones, and answers each cookie on its own", async () => {
    const { client_id } = await portalOf(tenant);
    const query = new URLSearchParams({
      ...{ response_type: "code", client_id, redirect_uri: SECOND_CALLBACK, state: "s", scope: "openid" },
    });
    const begin = (headers: Record<string, string>) =>
      tenant.inject({ url: `/authorize?${query.toString()}`, headers });
    const [line = "", ...others] = (await begin({})).headers["set-cookie"] ?? [];
    assert.match(line, /^__Host-tenant-browser-\d+=[\w-]{32};/);
    assert.deepEqual(others, []);
    const known = await begin({ Cookie: line.split(";")[0] ?? "" });
    assert.deepEqual([known.status, known.headers["set-cookie"]], [302, undefined]);
    assert.equal((await begin({ host: "tenant.example" })).status, 421);
    await tenant.signIn(PORTAL);
    const logs = await (await deployTo(tenant))<{ user_agent: string }[]>("GET", "logs");
    assert.deepEqual(new Set(logs.map(({ user_agent }) => user_agent)), new Set([""]));
  });

  it("is cut by the fault reset, and waits for hang until the caller gives up", async () => {
    await setFaults(tenant, [
      { kind: "reset", path: "/userinfo", share: 1 },
      { kind: "hang", path: "/authorize", share: 1 },
    ]);
    await assert.rejects(tenant.inject({ url: "/userinfo" }), /cut the connection/);
    const given = new AbortController();
    const waiting = tenant.inject({ url: "/authorize", signal: given.signal });
    assert.equal((await tenant.inject({ url: "/_local/health" })).status, 200);
    given.abort();
    await assert.rejects(waiting, { name: "AbortError" });
  });
});

/** Headers without the time, and without what is about the connection. */
function lasting(headers: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(headers).filter(([name]) => !["date", "connection", "keep-alive"].includes(name));
}
