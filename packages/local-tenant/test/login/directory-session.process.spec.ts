import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import { loadDirectory } from "../../src/directory/directory.ts";
import { addApplication, addBoundAction } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { sampleDirectoryFile } from "../../../../test/support/sample.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const ADA = "ada.lindqvist@xyz.example";
const BRUNO = "bruno.keller@xyz.example";
const GROUPS = "https://xyz.example/groups";
const HOUR = 3_600_000;

describe("the directory's own session", () => {
  const company = loadDirectory(sampleDirectoryFile);
  let directory = company;
  const test = perSuite(() => startTestTenant({ now: () => now, directory: () => directory }));
  const application = perSuite(() => addApplication(test));
  let browser: Agent;
  let now = Date.parse("2026-11-26T08:00:00Z");
  before(() => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) =>
        void api.idToken.setCustomClaim("${GROUPS}", event.user.groups);`,
    );
  });
  beforeEach(async () => {
    directory = company;
    browser = new Agent(test);
    await browser.tokens(application, { employee: ADA });
    now += 20 * 60_000;
  });

  type Changes = Record<string, string | undefined>;
  const claimsOf = async (response: LightMyRequestResponse) => {
    const answer = await browser.exchange(application, answerOf(response)["code"] ?? "");
    return payloadOf(answer.json<Record<string, string>>()["id_token"]);
  };
  const asks = (response: LightMyRequestResponse) =>
    String(response.headers.location).startsWith("/u/login?");
  const authorize = (changes: Changes = {}) => browser.authorize(application, { max_age: "900", ...changes });
  const page = async (response: LightMyRequestResponse) =>
    (await browser.get(String(response.headers.location))).body;

  it("signs the same employee in without a click when Auth0's is older than max_age", async () => {
    const before = await claimsOf(await browser.authorize(application));
    const after = await claimsOf(await authorize());
    assert.equal(after["email"], ADA);
    assert.equal(after["auth_time"], Math.floor(now / 1000));
    assert.equal(Number(after["auth_time"]) - Number(before["auth_time"]), 1200);
    const again = await claimsOf(await authorize());
    assert.equal(again["auth_time"], after["auth_time"], "the new session is young enough");
  });

  it("does so when Auth0's session has run out by itself", async () => {
    const { store } = test.tenant.context;
    const { settings } = store;
    store.settings = { ...settings, idle_session_lifetime: 0.25 };
    const response = await browser.authorize(application);
    store.settings = settings;
    assert.equal((await claimsOf(response))["email"], ADA);
  });

  it("writes the profile anew, with the groups of today", async () => {
    const employees = company.employees.map((employee) =>
      employee.email === ADA ? { ...employee, groups: ["Platform Engineers"] } : employee,
    );
    directory = { ...company, employees };
    const old = (await claimsOf(await browser.authorize(application, { prompt: "none" })))[GROUPS];
    assert.ok(
      (old as string[]).includes("Admin Portal Administrators"),
      "a silent sign-in keeps the profile",
    );
    assert.deepEqual((await claimsOf(await authorize()))[GROUPS], ["Platform Engineers"]);
  });

  it("asks with prompt=login, prompt=select_account and max_age=0, with who is signed in first", async () => {
    for (const changes of [{ prompt: "login" }, { prompt: "select_account" }, { max_age: "0" }]) {
      const response = await authorize(changes);
      assert.ok(asks(response), JSON.stringify(changes));
      assert.match(await page(response), /Signed in with this browser[^]*Ada Lindqvist[^]*Engineering/);
    }
  });

  it("asks where somebody else is hinted at, and not where the same employee is", async () => {
    assert.ok(asks(await authorize({ login_hint: BRUNO })));
    assert.ok(answerOf(await authorize({ login_hint: ADA }))["code"]);
  });

  it("does not change prompt=none, whose answer stays login_required", async () => {
    assert.equal(answerOf(await authorize({ prompt: "none" }))["error"], "login_required");
  });

  it("does not vouch for who has left the directory", async () => {
    directory = { ...company, employees: company.employees.filter(({ email }) => email !== ADA) };
    const response = await authorize();
    assert.ok(asks(response));
    assert.equal((await page(response)).includes("Ada Lindqvist"), false);
    const picked = await browser.pick(response, ADA);
    assert.equal(picked.statusCode, 400);
  });

  it("belongs to one browser, by a cookie that scripts and other sites do not get", async () => {
    assert.ok(asks(await new Agent(test).authorize(application, { max_age: "900" })));
    const name = [...browser.cookies.keys()].find((key) => key.includes("directory")) ?? "";
    const guess = new Agent(test);
    for (const [key, value] of browser.cookies) guess.cookies.set(key, key === name ? "guessed" : value);
    assert.ok(asks(await guess.authorize(application, { max_age: "900" })));
    const other = new Agent(test);
    const answer = await other.signIn(application);
    const cookie = answer.cookies.find((candidate) => candidate.name === name);
    assert.match(name, /^__Host-/);
    assert.equal(cookie?.httpOnly, true);
    assert.equal(cookie.secure, true);
    assert.equal(cookie.sameSite, "Lax");
  });

  it("has a new secret after each proof, and the old one is worth nothing", async () => {
    const stolen = new Map(browser.cookies);
    await browser.pick(await browser.authorize(application, { prompt: "login" }), BRUNO);
    const thief = new Agent(test);
    for (const [key, value] of stolen) thief.cookies.set(key, value);
    assert.ok(asks(await thief.authorize(application, { max_age: "900" })));
    now += HOUR;
    assert.equal((await claimsOf(await authorize()))["email"], BRUNO);
  });

  it("ends a day after its last use", async () => {
    now += 23 * HOUR;
    assert.ok(answerOf(await authorize())["code"]);
    now += 23 * HOUR;
    assert.ok(answerOf(await authorize())["code"]);
    now += 25 * HOUR;
    assert.ok(asks(await authorize()));
  });

  for (const path of ["/v2/logout", "/oidc/logout"]) {
    it(`outlives ${path}, after which the page asks and names who is signed in`, async () => {
      const left = await browser.get(path);
      assert.match(left.body, /href="\/v2\/logout\?federated"/);
      const response = await authorize({ max_age: undefined });
      assert.ok(asks(response));
      assert.match(await page(response), /Signed in with this browser/);
    });

    it(`ends by ${path}?federated`, async () => {
      const left = await browser.get(`${path}?federated`);
      assert.doesNotMatch(left.body, /federated/);
      assert.equal(
        [...browser.cookies.keys()].some((key) => key.includes("directory")),
        false,
      );
      const response = await authorize({ max_age: undefined });
      assert.ok(asks(response));
      assert.doesNotMatch(await page(response), /Signed in with this browser/);
    });
  }

  it("is one for each directory", async () => {
    const { connections } = test.tenant.context.store.tables;
    connections.put({
      ...application.connection,
      id: "con_partner",
      name: "partner",
      options: { ext_groups: true, tenant_domain: "partner.onmicrosoft.com" },
    });
    assert.ok(asks(await authorize({ connection: "partner" })));
    await browser.pick(await authorize({ connection: "partner" }), "ines.moreau@partner.example");
    now += HOUR;
    const theirs = await claimsOf(await authorize({ connection: "partner" }));
    assert.equal(theirs["email"], "ines.moreau@partner.example");
    assert.equal((await claimsOf(await authorize()))["email"], ADA);
    const either = await authorize({ connection: undefined });
    assert.ok(answerOf(either)["code"], "the session at Auth0 is young enough");
    now += HOUR;
    assert.ok(asks(await authorize({ connection: undefined })), "the person chooses between two connections");
    connections.delete("con_partner");
  });

  it("does not let in an employee whom the tenant has blocked", async () => {
    const { users } = test.tenant.context.store.tables;
    const user = users.find(({ email }) => email === ADA);
    assert.ok(user);
    users.put({ ...user, blocked: true });
    const answer = answerOf(await authorize());
    users.put({ ...user, blocked: false });
    assert.equal(answer["error"], "unauthorized");
  });
});
