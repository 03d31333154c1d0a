import assert from "node:assert/strict";
import { groupsOf, findEmployee } from "../../src/directory/directory.ts";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("the post-login pipeline", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() =>
    addApplication(test, {
      client: { client_metadata: { team: "platform" } },
      options: { ext_nested_groups: true },
    }),
  );
  const agent = perTest(() => new Agent(test));
  afterEach(() => unbindActions(test));

  const bind = (body: string, name?: string) =>
    addBoundAction(test, `exports.onExecutePostLogin = async (event, api) => { ${body} };`, name);
  const lastTrace = () => {
    const [trace] = test.tenant.context.signIns.traces.list();
    assert.ok(trace);
    return trace;
  };

  it("shows Actions the documented event", async () => {
    bind(`api.idToken.setCustomClaim("https://xyz.example/event", event);`);
    const tokens = await agent.tokens(application, { login_hint: "ada" });
    const event = payloadOf(tokens["id_token"])["https://xyz.example/event"] as Record<
      | "client"
      | "connection"
      | "user"
      | "transaction"
      | "request"
      | "stats"
      | "authorization"
      | "authentication"
      | "tenant"
      | "session",
      Record<string, unknown>
    >;
    const { client, connection } = application;
    assert.deepEqual(event["client"], {
      client_id: client.client_id,
      name: "Admin portal",
      metadata: { team: "platform" },
    });
    assert.deepEqual(event["connection"], {
      id: connection.id,
      name: connection.name,
      strategy: "waad",
      metadata: {},
    });
    const { user, transaction, request, stats, authorization, authentication, tenant, session } = event;
    assert.deepEqual(user["groups"], groupNames("ada.lindqvist@xyz.example"));
    assert.equal(user["user_id"], payloadOf(tokens["id_token"])["sub"]);
    assert.equal(transaction["protocol"], "oidc-basic-profile");
    assert.deepEqual(transaction["requested_scopes"], ["openid", "profile", "email"]);
    assert.equal(transaction["redirect_uri"], application.redirectUri);
    assert.equal(transaction["state"], "a-state");
    assert.equal(transaction["login_hint"], "ada");
    assert.equal(request["hostname"], "localhost");
    assert.equal((request["query"] as Record<string, string>)["client_id"], client.client_id);
    assert.equal(stats["logins_count"], 1);
    assert.deepEqual(authorization, { roles: [] });
    assert.equal((authentication["methods"] as { name: string }[])[0]?.name, "federated");
    assert.deepEqual(tenant, { id: "localhost" });
    assert.equal(session["id"], payloadOf(tokens["id_token"])["sid"]);
    assert.equal("organization" in event, false);
  });

  const groupNames = (email: string) => {
    const { directory } = test.tenant.context;
    const employee = findEmployee(directory, email);
    assert.ok(employee);
    return groupsOf(directory, employee, { nested: true }).map((group) => group.name);
  };

  it("runs Actions in binding order with one event, and the last claim wins", async () => {
    bind(`api.idToken.setCustomClaim("order", "a"); event.user.name = "changed";`, "first");
    bind(
      `api.idToken.setCustomClaim("order", "b"); api.idToken.setCustomClaim("name-seen", event.user.name);`,
      "second",
    );
    const payload = payloadOf((await agent.tokens(application))["id_token"]);
    assert.equal(payload["order"], "b");
    assert.equal(payload["name-seen"], "Ada Lindqvist");
    assert.deepEqual(
      lastTrace().actions.map(({ name }) => name),
      ["first", "second"],
    );
  });

  it("drops restricted claims without an error, and the trace says so", async () => {
    bind(`
      for (const name of ["groups", "roles", "sub", "https://my.auth0.com/groups", "urn:auth0:x"])
        api.idToken.setCustomClaim(name, ["x"]);
      api.idToken.setCustomClaim("nothing", null);
      api.idToken.setCustomClaim("department", "IT");`);
    const payload = payloadOf((await agent.tokens(application))["id_token"]);
    assert.equal(payload["groups"], undefined);
    assert.equal(payload["roles"], undefined);
    assert.equal(payload["https://my.auth0.com/groups"], undefined);
    assert.equal(payload["department"], "IT");
    assert.equal("nothing" in payload, false);
    assert.match(String(payload["sub"]), /^waad\|/);
    const { warnings, claims, outcome } = lastTrace();
    assert.equal(outcome, "completed");
    assert.deepEqual(claims.idToken, { department: "IT" });
    for (const name of ["groups", "roles", "sub", "https://my.auth0.com/groups", "urn:auth0:x"]) {
      assert.ok(
        warnings.some((warning) => warning.includes(JSON.stringify(name))),
        name,
      );
    }
  });

  it("fails the sign-in when the claims of a token are larger than 100 kB", async () => {
    bind(`api.idToken.setCustomClaim("https://xyz.example/big", "x".repeat(103000));`);
    const answer = answerOf(await agent.signIn(application));
    assert.equal(answer["error"], "access_denied");
    assert.match(answer["error_description"] ?? "", /102400 are allowed/);
    assert.equal(lastTrace().outcome, "failed");
  });

  it("puts claims without a namespace into an access token, but not into one for the Management API", async () => {
    const { tables } = test.tenant.context.store;
    tables.resourceServers.put({ id: "a", identifier: "https://api.example/", name: "API" });
    bind(
      `api.accessToken.setCustomClaim("plan", "gold"); api.accessToken.setCustomClaim("https://xyz.example/plan", 1);`,
    );
    const payload = async (audience: string) =>
      payloadOf((await new Agent(test).tokens(application, { audience }))["access_token"]);
    const own = await payload("https://api.example/");
    assert.deepEqual([own["plan"], own["https://xyz.example/plan"]], ["gold", 1]);
    const management = await payload(test.tenant.context.managementAudience);
    assert.deepEqual([management["plan"], management["https://xyz.example/plan"]], [undefined, 1]);
  });

  it("tells the application why an Action denies, runs no further one, and still writes metadata", async () => {
    bind(`api.user.setAppMetadata("seen", true); api.access.deny("Not <you>");`, "denier");
    bind(`api.user.setAppMetadata("after", true);`, "behind");
    const answer = answerOf(await agent.signIn(application, { employee: "noor.hassan@xyz.example" }));
    assert.deepEqual(answer, { error: "access_denied", error_description: "Not <you>", state: "a-state" });
    const { logs, users } = test.tenant.context.store.tables;
    const user = users.find((candidate) => candidate.email === "noor.hassan@xyz.example");
    assert.deepEqual(user?.app_metadata, { seen: true });
    const log = logs.list().at(-1);
    assert.deepEqual([log?.type, log?.["description"], log?.["user_id"]], ["f", "Not <you>", user?.user_id]);
    const trace = lastTrace();
    assert.deepEqual([trace.outcome, trace.reason, trace.actions.length], ["denied", "Not <you>", 1]);
  });

  it("denies access with the message of an Action that throws", async () => {
    bind(`throw new Error("lost the database");`);
    const answer = answerOf(await agent.signIn(application));
    assert.equal(answer["error"], "access_denied");
    assert.match(answer["error_description"] ?? "", /lost the database/);
    assert.equal(lastTrace().outcome, "failed");
  });

  it("writes the metadata of all Actions at once, where null removes a key", async () => {
    bind(`api.user.setAppMetadata("a", 1); api.user.setUserMetadata("theme", "dark");`);
    bind(`api.user.setAppMetadata("b", event.user.app_metadata.a ?? "unseen");`);
    const employee = "xavier.roig@xyz.example";
    await agent.tokens(application, { employee });
    const { users } = test.tenant.context.store.tables;
    const user = () => users.find((candidate) => candidate.email === employee);
    assert.deepEqual(user()?.app_metadata, { a: 1, b: "unseen" });
    assert.deepEqual(user()?.user_metadata, { theme: "dark" });
    unbindActions(test);
    bind(`api.user.setAppMetadata("a", null);`);
    await new Agent(test).tokens(application, { employee });
    assert.deepEqual(user()?.app_metadata, { b: "unseen" });
  });

  it("lets Actions add and remove scopes of the access token", async () => {
    bind(`api.accessToken.addScope("extra"); api.accessToken.removeScope("email");`);
    assert.equal((await agent.tokens(application))["scope"], "openid profile extra");
  });

  it("answers directory-sync groups with the ids and names of the same directory", async () => {
    bind(`
      const page = await api.groups.getUserGroups({ take: 2 });
      const rest = await api.groups.getUserGroups({ take: 100, from: page.next });
      const names = [...page.groups, ...rest.groups].map((group) => group.name);
      const { memberships } = await api.groups.hasGroupMembership(["SG-VPN", "Nowhere"]);
      api.idToken.setCustomClaim("https://xyz.example/groups", { names, ids: page.groups.map((g) => g.external_id), memberships });`);
    const payload = payloadOf((await agent.tokens(application))["id_token"]);
    const claim = payload["https://xyz.example/groups"] as {
      names: string[];
      ids: string[];
      memberships: Record<string, { is_member: boolean }>;
    };
    const { directory } = test.tenant.context;
    const employee = findEmployee(directory, "ada.lindqvist@xyz.example");
    assert.ok(employee);
    const groups = groupsOf(directory, employee, { nested: true });
    assert.deepEqual(
      claim.names,
      groups.map(({ name }) => name),
    );
    assert.deepEqual(
      claim.ids,
      groups.slice(0, 2).map(({ id }) => id),
    );
    assert.equal(claim.memberships["SG-VPN"]?.is_member, true);
    assert.deepEqual(claim.memberships["Nowhere"], { is_member: false });
  });

  it("names bound Actions that are not deployed instead of running them", async () => {
    const id = bind(`api.access.deny("ran")`, "Draft");
    const { actions } = test.tenant.context.store.tables;
    const draft = { ...(actions.get(id) ?? assert.fail()) };
    delete draft.deployed_version_id;
    actions.put(draft);
    assert.ok((await agent.tokens(application))["id_token"]);
    assert.match(lastTrace().warnings.join(), /"Draft" is not deployed/);
  });

  it("tells the roles of the user", async () => {
    bind(`api.idToken.setCustomClaim("https://xyz.example/roles", event.authorization.roles);`);
    const { roles, users } = test.tenant.context.store.tables;
    roles.put({ id: "rol_1", name: "Editor", description: null, permissions: [] });
    const first = payloadOf((await agent.tokens(application))["id_token"]);
    const user = users.get(String(first["sub"]));
    assert.ok(user);
    users.put({ ...user, roles: ["rol_1"] });
    const payload = payloadOf((await agent.tokens(application))["id_token"]);
    assert.deepEqual(payload["https://xyz.example/roles"], ["Editor"]);
  });

  it("lets no Action spoil other people's sign-ins by the tenant's own endpoints", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        const answer = await fetch("${test.tenant.context.issuer}_local/faults", {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify([{ kind: "hang", path: "/*", share: 1 }]),
        });
        api.idToken.setCustomClaim("answer", answer.status);
      };`,
    );
    const { id_token } = await agent.tokens(application);
    assert.equal(payloadOf(id_token)["answer"], 401);
    assert.deepEqual(test.tenant.context.faults.list(), []);
  });

  it("keeps profiles safe from what an Action does to its event", async () => {
    bind(`event.user.app_metadata.hacked = true; event.user.identities.length = 0;`);
    const { id_token } = await agent.tokens(application);
    const user = test.tenant.context.store.tables.users.get(String(payloadOf(id_token)["sub"]));
    assert.equal(user?.app_metadata?.["hacked"], undefined);
    assert.equal(user?.identities.length, 1);
  });
});
