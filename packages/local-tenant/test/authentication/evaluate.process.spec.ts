import assert from "node:assert/strict";
import { evaluate, waysOf } from "../../src/authentication/evaluate.ts";
import type { EvaluatedRequest, Evaluation } from "../../src/authentication/evaluate.ts";
import { directoryBehind, groupsOf } from "../../src/directory/directory.ts";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import type { TestApplication } from "../support/application.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";
import type { TestTenant } from "../support/tenant.ts";

const ADA = "ada.lindqvist@xyz.example";
/** What each sign-in has anew. */
const VARIABLE = ["iat", "exp", "auth_time", "at_hash", "sid", "nonce", "jti", "updated_at"];

describe("an evaluated sign-in", () => {
  let test: TestTenant;
  let application: TestApplication;
  before(async () => {
    test = await startTestTenant();
    application = addApplication(test, { options: { ext_nested_groups: true } });
    const api = await test.api("POST", "/resource-servers", { identifier: "https://api", name: "An API" });
    assert.equal(api.status, 201);
  });
  afterEach(() => unbindActions(test));
  after(() => test.close());

  const work = async (request: EvaluatedRequest = {}): Promise<Evaluation> => {
    const { context } = test.tenant;
    const [way] = waysOf(context, application.client, ADA);
    assert.ok(way);
    return evaluate(context, application.client, way, request);
  };
  const bind = (body: string) =>
    addBoundAction(test, `exports.onExecutePostLogin = async (event, api) => { ${body} };`);

  for (const scope of ["openid profile email", "openid", "profile"]) {
    it(`has the claims and the bytes of one over HTTP, with the scope ${scope}`, async () => {
      bind(`api.idToken.setCustomClaim("https://xyz.example/groups", event.user.groups);
        api.accessToken.setCustomClaim("https://xyz.example/count", event.stats.logins_count);
        api.idToken.setCustomClaim("https://xyz.example/query", Object.keys(event.request.query).sort());`);
      const request = { scope, audience: "https://api" };
      const { idToken, accessToken, ...rest } = await work(request);
      assert.equal(rest.status, "completed");
      // As long as those of the evaluation, which has its own.
      const [nonce, state] = ["n".repeat(22), "s".repeat(22)];
      const changes = { ...request, nonce, state, login_hint: ADA, employee: ADA };
      const tokens = await new Agent(test).tokens(application, changes);
      assert.deepEqual(stable(accessToken?.claims), stable(payloadOf(tokens["access_token"])));
      assert.equal(accessToken?.bytes, tokens["access_token"]?.length);
      if (tokens["id_token"] === undefined) assert.equal(idToken, undefined);
      else assert.deepEqual(stable(idToken?.claims), stable(payloadOf(tokens["id_token"])));
      assert.equal(idToken?.bytes, tokens["id_token"]?.length);
    });
  }

  it("has an opaque access token of the same length where no API is asked for", async () => {
    const tokens = await new Agent(test).tokens(application);
    assert.deepEqual((await work()).accessToken, { bytes: tokens["access_token"]?.length });
  });

  it("says why an Action refuses, fails, or sends the browser away", async () => {
    bind(`api.access.deny("Not today.");`);
    const { status, reason, idToken } = await work();
    assert.deepEqual([status, reason, idToken], ["denied", "Not today.", undefined]);
    unbindActions(test);
    bind(`throw new Error("Broken.");`);
    assert.deepEqual(outcome(await work()), ["failed", "Broken."]);
    unbindActions(test);
    bind(`api.redirect.sendUserTo("https://elsewhere.example/form");`);
    assert.deepEqual(outcome(await work()), ["redirect", "Redirected to https://elsewhere.example/form"]);
  });

  it("tells the directory's groups of the employee, with those above them only where the connection asks for them", async () => {
    const { context } = test.tenant;
    const { client, connection } = application;
    const groups = async (options: object) => {
      context.store.tables.connections.put({ ...connection, options: { ...connection.options, ...options } });
      const { directoryGroups, connection: name } = await work();
      assert.equal(name, connection.name);
      return directoryGroups;
    };
    const [way] = waysOf(context, client, ADA);
    assert.ok(way);
    const behind = directoryBehind(context.directory, connection);
    for (const nested of [false, true]) {
      const expected: string[] = groupsOf(behind, way.employee, { nested }).map(({ name }) => name);
      assert.deepEqual(await groups({ ext_nested_groups: nested }), expected);
    }
    assert.notDeepEqual(
      await groups({ ext_nested_groups: false }),
      await groups({ ext_nested_groups: true }),
    );
  });

  it("has the profile that the Actions see, of a request from this machine", async () => {
    bind(`api.idToken.setCustomClaim("seen", {
      bytes: Buffer.byteLength(JSON.stringify(event.user)),
      request: [event.request.method, event.request.body, event.request.ip, event.request.hostname],
    });`);
    const { idToken, profileBytes, trace, reason, sub } = await work();
    assert.deepEqual(idToken?.claims["seen"], {
      bytes: profileBytes,
      request: ["POST", {}, "127.0.0.1", "localhost"],
    });
    assert.equal(idToken.claims["sub"], sub);
    assert.equal(idToken.claims["email"], ADA);
    assert.deepEqual([trace?.outcome, trace?.user.id, reason], ["completed", sub, undefined]);
  });

  it("says why the request itself is refused", async () => {
    const { client } = application;
    const [way] = waysOf(test.tenant.context, client, ADA);
    assert.ok(way);
    const without = { ...client, callbacks: [] };
    test.tenant.context.store.tables.clients.put(without);
    const refused = await evaluate(test.tenant.context, without, way, {});
    test.tenant.context.store.tables.clients.put(client);
    assert.deepEqual(outcome(refused), [
      "failed",
      "Callback URL mismatch. The provided redirect_uri is not in the list of allowed callback URLs.",
    ]);
    assert.deepEqual([refused.profileBytes, refused.trace], [0, undefined]);
    assert.deepEqual(outcome(await work({ audience: "https://no-such" })), [
      "failed",
      "Service not found: https://no-such",
    ]);
  });

  it("leaves the tenant as it was, also the profile of somebody who has signed in before", async () => {
    bind(`api.user.setAppMetadata("seen", event.stats.logins_count);`);
    const { store, signIns } = test.tenant.context;
    const kept = () => JSON.stringify([store.tables.users.list(), store.tables.logs.list()]);
    store.tables.users.replaceAll([]);
    const before = kept();
    await work();
    assert.equal(kept(), before);
    await new Agent(test).tokens(application);
    const after = kept();
    const open = [signIns.sessions.size, signIns.codes.size, signIns.accessTokens.size];
    await Promise.all([work(), work(), work()]);
    assert.equal(kept(), after);
    assert.deepEqual([signIns.sessions.size, signIns.codes.size, signIns.accessTokens.size], open);
  });

  it("refuses an employee whom the tenant has blocked", async () => {
    const { users } = test.tenant.context.store.tables;
    await new Agent(test).tokens(application);
    for (const user of users.list()) users.put({ ...user, blocked: true });
    const { profileBytes, trace, ...denied } = await work();
    assert.deepEqual([denied.status, denied.reason, trace], ["denied", "user is blocked", undefined]);
    assert.ok(profileBytes > 100, String(profileBytes));
    users.replaceAll([]);
  });

  it("answers nothing for people whom no enabled connection knows", () => {
    assert.deepEqual(waysOf(test.tenant.context, application.client, "nobody@xyz.example"), []);
    const other = { ...application.client, client_id: "other" };
    assert.deepEqual(waysOf(test.tenant.context, other, ADA), []);
  });

  it("comes from a directory alone, not from a connection with passwords", () => {
    const { connections } = test.tenant.context.store.tables;
    const database = connections.find(({ strategy }) => strategy === "auth0");
    assert.ok(database);
    connections.put({ ...database, enabled_clients: [application.client.client_id] });
    const ways = waysOf(test.tenant.context, application.client, ADA);
    connections.put(database);
    assert.deepEqual(
      ways.map(({ connection }) => connection.name),
      [application.connection.name],
    );
  });

  it("runs after another of the same person, whatever becomes of that one", async () => {
    bind(`if (event.request.query.scope === "openid fail") throw new Error("Broken.");
      await new Promise((resolve) => setTimeout(resolve, 20));
      api.user.setAppMetadata("seen", event.stats.logins_count);
      api.idToken.setCustomClaim("count", event.stats.logins_count);`);
    const scopes = ["openid fail", "openid", "openid fail", "openid"];
    const results = await Promise.all(scopes.map((scope) => work({ scope })));
    assert.deepEqual(
      results.map(({ status, idToken }) => [status, idToken?.claims["count"]]),
      [
        ["failed", undefined],
        ["completed", 1],
        ["failed", undefined],
        ["completed", 1],
      ],
    );
  });
});

function stable(claims: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !VARIABLE.includes(name)));
}

function outcome({ status, reason }: Evaluation): unknown {
  return [status, reason];
}
