import assert from "node:assert/strict";
import { addApplication, addBoundAction } from "../support/application.ts";
import { Agent, answerOf, payloadOf } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const API = "https://api.example/";
const MINUTE = 60_000;
const START = Date.parse("2026-11-26T08:00:00.123Z");
const iso = (time: number) => new Date(time).toISOString();

/** What the Action of these tests tells about its event. */
interface Told {
  readonly methods: { name: string; timestamp: string }[];
  readonly session?: Record<string, unknown>;
  readonly refresh_token?: Record<string, unknown>;
  readonly resource_server?: { identifier: string };
  readonly scopes: string[];
  readonly protocol: string;
}

describe("the event of a sign-in that is repeated", () => {
  let now = START;
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() =>
    addApplication(test, {
      client: {
        refresh_token: { rotation_type: "rotating", expiration_type: "expiring", token_lifetime: 3600 },
      },
    }),
  );
  let agent: Agent;
  before(() => {
    test.tenant.context.store.tables.resourceServers.put({
      id: "api",
      identifier: API,
      name: "API",
      allow_offline_access: true,
      scopes: [{ value: "read:reports" }],
    });
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => void api.idToken.setCustomClaim("https://xyz.example/event", {
        methods: event.authentication.methods, session: event.session, refresh_token: event.refresh_token,
        resource_server: event.resource_server, scopes: event.transaction.requested_scopes, protocol: event.transaction.protocol,
      });`,
    );
  });
  beforeEach(() => {
    now = START;
    agent = new Agent(test);
  });

  const toldBy = (tokens: Record<string, string>) =>
    payloadOf(tokens["id_token"])["https://xyz.example/event"] as Told;
  const signIn = (changes: Record<string, string> = {}) => agent.tokens(application, changes);
  const refresh = async (refresh_token: string | undefined, changes: Record<string, string> = {}) => {
    const { client_id, client_secret } = application.client;
    const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token, ...changes };
    return (await agent.token(form)).json<Record<string, string>>();
  };
  const federated = (time: number) => [{ name: "federated", timestamp: iso(time) }];

  it("names the real sign-in at the directory, to the millisecond, however long ago it was", async () => {
    const tokens = await signIn({ scope: "openid offline_access" });
    assert.deepEqual(toldBy(tokens).methods, federated(START));
    now += 10 * MINUTE;
    const silent = toldBy(await signIn({ prompt: "none" }));
    assert.deepEqual(silent.methods, federated(START));
    assert.equal(silent.session?.["authenticated_at"], iso(START));
    const refreshed = await refresh(tokens["refresh_token"]);
    assert.equal(toldBy(refreshed).protocol, "oauth2-refresh-token");
    assert.deepEqual(toldBy(refreshed).methods, federated(START));
  });

  it("keeps the first sign-in for a refresh token of a later, silent one", async () => {
    await signIn();
    now += 10 * MINUTE;
    const tokens = await signIn({ prompt: "none", scope: "openid offline_access" });
    now += MINUTE;
    assert.deepEqual(toldBy(await refresh(tokens["refresh_token"])).methods, federated(START));
  });

  it("names a new time after max_age made the directory vouch anew, for later refreshes of it too", async () => {
    const old = await signIn({ scope: "openid offline_access" });
    now += 20 * MINUTE;
    const again = await signIn({ max_age: "900", scope: "openid offline_access" });
    assert.deepEqual(toldBy(again).methods, federated(now));
    assert.equal(toldBy(again).session?.["authenticated_at"], iso(now));
    const second = now;
    now += MINUTE;
    assert.deepEqual(toldBy(await refresh(again["refresh_token"])).methods, federated(second));
    assert.deepEqual(toldBy(await refresh(old["refresh_token"])).methods, federated(START));
  });

  it("has a session at a sign-in, and a refresh token with its own dates at a refresh", async () => {
    const tokens = await signIn({ scope: "openid offline_access" });
    const first = toldBy(tokens);
    assert.equal(first.refresh_token, undefined);
    assert.equal(first.session?.["created_at"], iso(START));
    now += 10 * MINUTE;
    const rotated = await refresh(tokens["refresh_token"]);
    const facts = toldBy(rotated);
    assert.equal(facts.session, undefined);
    assert.deepEqual(facts.refresh_token, {
      id: facts.refresh_token?.["id"],
      client_id: application.client.client_id,
      user_id: payloadOf(tokens["id_token"])["sub"],
      session_id: first.session?.["id"],
      rotating: true,
      created_at: iso(START),
      expires_at: iso(START + 60 * MINUTE),
      metadata: {},
    });
    now += 10 * MINUTE;
    const { refresh_token } = toldBy(await refresh(rotated["refresh_token"]));
    assert.equal(refresh_token?.["created_at"], iso(START + 10 * MINUTE), "rotation makes a younger token");
    assert.equal(refresh_token?.["expires_at"], iso(START + 60 * MINUTE), "and does not prolong it");
  });

  it("has a resource server only where an API was asked for, at a refresh as well", async () => {
    const without = await signIn({ scope: "openid offline_access" });
    assert.equal(toldBy(without).resource_server, undefined);
    assert.equal(toldBy(await refresh(without["refresh_token"])).resource_server, undefined);
    const userinfo = `${test.tenant.context.issuer}userinfo`;
    assert.equal(toldBy(await signIn({ audience: userinfo })).resource_server, undefined);
    const scope = "openid offline_access read:reports";
    const tokens = await signIn({ audience: API, scope });
    assert.deepEqual(toldBy(tokens).resource_server, { identifier: API });
    assert.deepEqual(toldBy(await refresh(tokens["refresh_token"])).resource_server, { identifier: API });
  });

  it("names the scopes that were asked for, at a refresh those of the sign-in or fewer", async () => {
    const scope = "openid offline_access read:reports";
    const tokens = await signIn({ audience: API, scope });
    assert.deepEqual(toldBy(tokens).scopes, scope.split(" "));
    const all = await refresh(tokens["refresh_token"]);
    assert.deepEqual(toldBy(all).scopes, scope.split(" "));
    const less = await refresh(all["refresh_token"], { scope: "openid read:reports" });
    assert.deepEqual(toldBy(less).scopes, ["openid", "read:reports"]);
  });

  it("counts only real sign-ins", async () => {
    const logins = () => {
      const { users } = test.tenant.context.store.tables;
      return users.find(({ email }) => email === "ada.lindqvist@xyz.example")?.["logins_count"];
    };
    const tokens = await signIn({ scope: "openid offline_access" });
    const count = Number(logins());
    now += 20 * MINUTE;
    await signIn({ prompt: "none" });
    await refresh(tokens["refresh_token"]);
    assert.equal(logins(), count);
    assert.ok(answerOf(await agent.authorize(application, { max_age: "900" }))["code"]);
    assert.equal(logins(), count + 1);
  });
});
