import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import { hashPassword } from "../../src/directory/passwords.ts";
import { addApplication } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("the sign-in page", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() => addApplication(test, { options: { domain_aliases: ["xyz.example"] } }));
  const agent = perTest(() => new Agent(test));

  const stateOf = (response: LightMyRequestResponse) => answerOf(response)["state"] ?? "";
  const open = async (changes: Record<string, string | undefined> = {}) => {
    const redirect = await agent.authorize(application, changes);
    return { state: stateOf(redirect), page: await agent.get(String(redirect.headers.location)) };
  };

  it("shows every employee, without script, and may not be framed or stored", async () => {
    const { page } = await open();
    const { employees } = test.tenant.context.directory;
    for (const { email } of employees) assert.ok(page.body.includes(`value="${email}"`), email);
    assert.equal(/<script|<style| style=| on[a-z]+=/.test(page.body), false);
    assert.match(
      String(page.headers["content-security-policy"]),
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    assert.equal(page.headers["cache-control"], "no-store");
    assert.equal(page.headers["x-frame-options"], "DENY");
    assert.equal(page.headers["referrer-policy"], "no-referrer");
  });

  it("finds people by name, email or department, and puts a hinted one first", async () => {
    const { state } = await open();
    const found = await agent.get(`/u/login?state=${state}&q=FACILITIES`);
    assert.match(found.body, /Zoë van Dijk/);
    assert.equal(found.body.includes("Ada Lindqvist"), false);
    const { page } = await open({ login_hint: "zoe.vandijk@xyz.example" });
    assert.ok(page.body.indexOf("Zoë van Dijk") < page.body.indexOf("Ada Lindqvist"));
  });

  it("belongs to the browser that began: a stolen, tampered or expired state is refused", async () => {
    const { state } = await open();
    const pick = (browser: Agent, value: string) =>
      browser.post("/u/login", { state: value, employee: "ada.lindqvist@xyz.example" });
    const tampered = new Agent(test);
    for (const [name, value] of agent.cookies) tampered.cookies.set(name, `${value.slice(0, -1)}!`);
    const refusals = [
      await pick(new Agent(test), state),
      await pick(tampered, state),
      await pick(agent, `${state.slice(0, -1)}!`),
      await pick(agent, ""),
      await tampered.get(`/u/login?state=${state}`),
    ];
    for (const response of refusals) {
      assert.equal(response.statusCode, 400);
      assert.equal(response.headers.location, undefined);
      assert.match(response.body, /<code>invalid_request<\/code>/);
    }
    now += 61 * 60_000;
    assert.equal((await pick(agent, state)).statusCode, 400);
  });

  it("takes no form from another site", async () => {
    const { state } = await open();
    const form = { state, employee: "ada.lindqvist@xyz.example" };
    const foreign = await agent.post("/u/login", form, { origin: "https://evil.example" });
    assert.equal(foreign.statusCode, 403);
    const own = await agent.post("/u/login", form, { origin: `https://${test.tenant.context.domain}` });
    assert.ok(answerOf(own)["code"]);
  });

  it("can be used once, and only for employees", async () => {
    const { state } = await open();
    const nobody = await agent.post("/u/login", { state, employee: "nobody@xyz.example" });
    assert.equal(nobody.statusCode, 400);
    const form = { state, employee: "ada.lindqvist@xyz.example" };
    assert.ok(answerOf(await agent.post("/u/login", form))["code"]);
    assert.equal((await agent.post("/u/login", form)).statusCode, 400);
  });

  it("lets two tabs of one browser sign in side by side", async () => {
    const [first, second] = [await open({ state: "one" }), await open({ state: "two" })];
    const employee = "ada.lindqvist@xyz.example";
    const later = await agent.post("/u/login", { state: second.state, employee });
    const earlier = await agent.post("/u/login", { state: first.state, employee });
    assert.deepEqual([answerOf(earlier)["state"], answerOf(later)["state"]], ["one", "two"]);
  });

  describe("of an application with several connections", () => {
    const database = "Username-Password-Authentication";
    before(async () => {
      const { tables } = test.tenant.context.store;
      const connection = tables.connections.find(({ name }) => name === database);
      assert.ok(connection);
      tables.connections.put({ ...connection, enabled_clients: [application.client.client_id] });
      tables.users.put({
        user_id: "auth0|1",
        email: "Eve@partner.example",
        email_verified: true,
        name: "Eve",
        identities: [{ connection: database, provider: "auth0", user_id: "1", isSocial: false }],
        password_hash: await hashPassword("correct horse"),
        created_at: new Date(now).toISOString(),
        updated_at: new Date(now).toISOString(),
      });
    });

    it("lets the person choose, and a domain's email choose for them", async () => {
      const { page, state } = await open({ connection: undefined });
      assert.ok(page.body.includes(`Continue with ${application.connection.name}`));
      assert.ok(page.body.includes(`Continue with ${database}`));
      const chosen = await agent.get(`/u/login?state=${state}&connection=${database}`);
      assert.match(chosen.body, /type="password"/);
      const hinted = await open({ connection: undefined, login_hint: "someone@XYZ.example" });
      assert.match(hinted.page.body, /Who is signing in/);
    });

    const send = async (username: string, password: string) => {
      const { state } = await open({ connection: database });
      return agent.post("/u/login", { state, username, password });
    };

    it("signs in with a password", async () => {
      const response = await send("eve@PARTNER.example", "correct horse");
      const code = answerOf(response)["code"];
      assert.ok(code, response.body);
      const tokens = (await agent.exchange(application, code)).json<Record<string, string>>();
      assert.equal(payloadOf(tokens["id_token"])["sub"], "auth0|1");
      const user = test.tenant.context.store.tables.users.get("auth0|1");
      assert.equal(user?.["logins_count"], 1);
    });

    it("says the same of a wrong password and of an unknown person, and logs which it was", async () => {
      const bodies = [];
      for (const username of ["eve@partner.example", "mallory@partner.example"]) {
        const response = await send(username, "wrong");
        assert.equal(response.statusCode, 400);
        assert.match(response.body, /role="alert"/);
        bodies.push(response.body.replace(/value="[^"]*"/g, ""));
      }
      assert.equal(bodies[0], bodies[1]);
      const types = test.tenant.context.store.tables.logs.list().map(({ type }) => type);
      assert.deepEqual(types.slice(-2), ["fp", "fu"]);
    });

    it("can be tried again on the same page, but not as an employee", async () => {
      const { state } = await open({ connection: database });
      await agent.post("/u/login", { state, username: "eve@partner.example", password: "wrong" });
      const sneaky = await agent.post("/u/login", { state, employee: "ada.lindqvist@xyz.example" });
      assert.equal(sneaky.statusCode, 400);
      const right = await agent.post("/u/login", {
        state,
        username: "eve@partner.example",
        password: "correct horse",
      });
      assert.ok(answerOf(right)["code"]);
    });
  });

  it("says that other strategies cannot be signed in with here", async () => {
    const other = addApplication(test);
    test.tenant.context.store.tables.connections.put({ ...other.connection, strategy: "samlp" });
    const redirect = await agent.authorize(other);
    const page = await agent.get(String(redirect.headers.location));
    assert.equal(page.statusCode, 501);
    assert.match(page.body, /samlp/);
  });
});
