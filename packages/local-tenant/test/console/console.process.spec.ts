import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import type { TestApplication } from "../support/application.ts";
import { Agent, answerOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("the console", () => {
  const test = perSuite(() => startTestTenant());
  let application: TestApplication;
  let callback: string;
  const agent = perTest(() => new Agent(test));
  before(() => {
    callback = `https://localhost:${test.tenant.port}/_local/callback`;
    application = addApplication(test, { client: { name: "Admin <portal>", callbacks: [callback] } });
  });
  afterEach(() => unbindActions(test));

  /** Follows redirects within the tenant. */
  const follow = async (response: LightMyRequestResponse): Promise<LightMyRequestResponse> => {
    const { location } = response.headers;
    if (location === undefined) return response;
    const url = new URL(String(location), `https://localhost:${test.tenant.port}`);
    return follow(await agent.get(url.pathname + url.search));
  };
  const tryOut = async (employee: string) => {
    const begun = await agent.post("/_local/sign-in", { client_id: application.client.client_id });
    const toPage = await agent.get(String(begun.headers.location));
    return agent.pick(toPage, employee);
  };

  it("shows applications, the flow, sign-ins and requests, and needs no script", async () => {
    addBoundAction(test, `exports.onExecutePostLogin = async () => {};`, "Enrich & go");
    await agent.signIn(application, { redirect_uri: callback });
    for (const path of ["/", "/_local/"]) {
      const page = await agent.get(path);
      assert.equal(page.statusCode, 200);
      assert.equal(page.body.includes("<script"), false);
      for (const text of [
        "Admin &lt;portal&gt;",
        "Enrich &amp; go",
        "Ada Lindqvist",
        "completed",
        "GET /authorize",
      ]) {
        assert.ok(page.body.includes(text), text);
      }
    }
  });

  it("shows no secret", async () => {
    await tryOut("ada.lindqvist@xyz.example");
    const pages = await Promise.all(
      ["/", "/_local/traces", "/_local/requests"].map((path) => agent.get(path)),
    );
    const secrets = test.tenant.context.store.tables.clients.list().map((client) => client.client_secret);
    for (const { body } of pages) {
      for (const secret of secrets) assert.equal(secret !== undefined && body.includes(secret), false);
    }
  });

  it("signs in as an application whose callbacks allow it, and shows its verified claims and the trace", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        console.log("said by the Action");
        api.idToken.setCustomClaim("https://xyz.example/groups", event.user.groups);
      };`,
    );
    const page = await follow(await tryOut("chloe.dubois@xyz.example"));
    assert.equal(page.statusCode, 200, page.body);
    for (const text of ["Chloé Dubois is signed in", "verified", "said by the Action", "Équipe Données"]) {
      assert.ok(page.body.includes(text), text);
    }
    assert.match(page.body, /claim marked">\s*<dt><code>https:\/\/xyz\.example\/groups</);
  });

  it("shows why a sign-in was refused", async () => {
    addBoundAction(test, `exports.onExecutePostLogin = async (event, api) => api.access.deny("No <way>");`);
    const page = await follow(await tryOut("ada.lindqvist@xyz.example"));
    assert.match(page.body, /was refused/);
    assert.ok(page.body.includes("No &lt;way&gt;"));
  });

  it("does not sign in as an application that has not allowed it", async () => {
    const other = addApplication(test);
    for (const client_id of [other.client.client_id, "nobody"]) {
      const response = await agent.post("/_local/sign-in", { client_id });
      assert.equal(response.statusCode, 400);
      assert.equal(response.headers.location, undefined);
    }
    assert.ok((await agent.get("/")).body.includes("To try it from here"));
  });

  it("takes a code back in the browser that began, once", async () => {
    const redirect = await tryOut("ada.lindqvist@xyz.example");
    const url = new URL(String(redirect.headers.location));
    const path = url.pathname + url.search;
    assert.equal(
      (await new Agent(test).get(`/_local/callback?code=x&state=${answerOf(redirect)["state"]}x`)).statusCode,
      400,
    );
    assert.equal((await agent.get(path)).statusCode, 303);
    assert.equal((await agent.get(path)).statusCode, 400);
  });

  it("keeps results from other browsers", async () => {
    const redirect = await tryOut("ada.lindqvist@xyz.example");
    const url = new URL(String(redirect.headers.location));
    const result = await agent.get(url.pathname + url.search);
    const path = String(result.headers.location);
    assert.equal((await agent.get(path)).statusCode, 200);
    assert.equal((await new Agent(test).get(path)).statusCode, 404);
  });

  it("has a page for each sign-in, and says when one is forgotten", async () => {
    await agent.signIn(application, { redirect_uri: callback });
    const [trace] = test.tenant.context.signIns.traces.list();
    const page = await agent.get(`/_local/sign-ins/${trace?.id}`);
    assert.match(page.body, /Ada Lindqvist to Admin &lt;portal&gt;/);
    assert.equal((await agent.get("/_local/sign-ins/nothing")).statusCode, 404);
  });

  it("answers health, traces and requests as JSON", async () => {
    await agent.signIn(application, { redirect_uri: callback });
    const health = await agent.get("/_local/health");
    assert.deepEqual(health.json(), { status: "ok", issuer: test.tenant.context.issuer });
    const { traces } = (await agent.get("/_local/traces")).json<{ traces: { outcome: string }[] }>();
    assert.equal(traces[0]?.outcome, "completed");
    const { requests } = (await agent.get("/_local/requests")).json<{ requests: { path: string }[] }>();
    assert.ok(requests.some(({ path }) => path.startsWith("/authorize")));
  });
});
