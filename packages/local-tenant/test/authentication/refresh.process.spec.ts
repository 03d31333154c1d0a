import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { addApplication, addBoundAction, unbindActions } from "../support/application.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("refresh tokens", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));
  const application = perSuite(() =>
    addApplication(test, {
      client: { refresh_token: { rotation_type: "rotating", leeway: 3 } },
    }),
  );
  const agent = perTest(() => new Agent(test));

  const refresh = (
    refresh_token: string | undefined,
    of = application,
    changes: Record<string, string> = {},
  ) =>
    agent.token({
      grant_type: "refresh_token",
      client_id: of.client.client_id,
      client_secret: of.client.client_secret,
      refresh_token,
      ...changes,
    });
  const invalid = { error: "invalid_grant", error_description: "Unknown or invalid refresh token." };
  const offline = { scope: "openid profile email offline_access" };

  it("are given only for offline_access, and only to clients with that grant type", async () => {
    assert.equal((await agent.tokens(application))["refresh_token"], undefined);
    assert.ok((await agent.tokens(application, offline))["refresh_token"]);
    const plain = addApplication(test, { client: { grant_types: ["authorization_code"] } });
    const tokens = await agent.tokens(plain, offline);
    assert.equal(tokens["refresh_token"], undefined);
    assert.equal(tokens["scope"], "openid profile email");
  });

  it("bring new tokens of the same sign-in, without its nonce", async () => {
    const first = await agent.tokens(application, offline);
    now += 60_000;
    const response = await refresh(first["refresh_token"]);
    assert.equal(response.statusCode, 200, response.body);
    assert.equal(response.headers["cache-control"], "no-store");
    const second = response.json<Record<string, string>>();
    const [before, after] = [payloadOf(first["id_token"]), payloadOf(second["id_token"])];
    assert.equal(after["sub"], before["sub"]);
    assert.equal(after["auth_time"], before["auth_time"]);
    assert.equal(after["nonce"], undefined);
    assert.notEqual(second["refresh_token"], first["refresh_token"]);
    assert.notEqual(second["access_token"], first["access_token"]);
  });

  it("that come twice within the leeway are taken, and after it end the whole family", async () => {
    const { refresh_token: first, access_token } = await agent.tokens(application, offline);
    const second = (await refresh(first)).json<Record<string, string>>()["refresh_token"];
    now += 2_000;
    assert.equal((await refresh(first)).statusCode, 200);
    now += 2_000;
    const reused = await refresh(first);
    assert.equal(reused.statusCode, 403);
    assert.deepEqual(reused.json(), invalid);
    assert.deepEqual((await refresh(second)).json(), invalid);
    const userinfo = await agent.get("/userinfo", { authorization: `Bearer ${access_token}` });
    assert.equal(userinfo.statusCode, 401);
    const types = test.tenant.context.store.tables.logs.list().map((row) => row.type);
    assert.ok(types.includes("ferrt"));
  });

  it("are good once where the client has no leeway, however soon they come back", async () => {
    const strict = addApplication(test, { client: { refresh_token: { rotation_type: "rotating" } } });
    const { refresh_token } = await agent.tokens(strict, offline);
    assert.equal((await refresh(refresh_token, strict)).statusCode, 200);
    assert.deepEqual((await refresh(refresh_token, strict)).json(), invalid);
  });

  it("of another client are unknown", async () => {
    const { refresh_token } = await agent.tokens(application, offline);
    const other = addApplication(test);
    assert.deepEqual((await refresh(refresh_token, other)).json(), invalid);
    assert.equal((await refresh(refresh_token)).statusCode, 200);
  });

  it("stay the same where the client does not rotate them", async () => {
    const still = addApplication(test, { client: { refresh_token: { rotation_type: "non-rotating" } } });
    const { refresh_token } = await agent.tokens(still, offline);
    for (const time of ["first", "second"]) {
      const response = await refresh(refresh_token, still);
      assert.equal(response.statusCode, 200, time);
      assert.equal(response.json<Record<string, string>>()["refresh_token"], undefined);
    }
  });

  it("end after their lifetime, which rotation does not prolong", async () => {
    const short = addApplication(test, {
      client: {
        refresh_token: {
          rotation_type: "rotating",
          expiration_type: "expiring",
          token_lifetime: 100,
          idle_token_lifetime: 60,
        },
      },
    });
    const first = (await agent.tokens(short, offline))["refresh_token"];
    now += 50_000;
    const second = (await refresh(first, short)).json<Record<string, string>>()["refresh_token"];
    now += 55_000;
    assert.deepEqual((await refresh(second, short)).json(), invalid);
  });

  it("end no later because an Action asks for it", async () => {
    const short = addApplication(test, {
      client: {
        refresh_token: { rotation_type: "rotating", expiration_type: "expiring", token_lifetime: 100 },
      },
    });
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => api.refreshToken.setExpiresAt(${now + 3_600_000});`,
    );
    const first = (await agent.tokens(short, offline))["refresh_token"];
    now += 90_000;
    const second = (await refresh(first, short)).json<Record<string, string>>()["refresh_token"];
    unbindActions(test);
    now += 10_000;
    assert.deepEqual((await refresh(second, short)).json(), invalid);
  });

  it("that are not rotated lie idle anew after each use, up to the end of their lifetime", async () => {
    const idle = addApplication(test, {
      client: {
        refresh_token: {
          rotation_type: "non-rotating",
          expiration_type: "expiring",
          token_lifetime: 100,
          idle_token_lifetime: 60,
        },
      },
    });
    const { refresh_token } = await agent.tokens(idle, offline);
    for (const [seconds, status] of [
      [50, 200],
      [40, 200],
      [20, 403],
    ] as const) {
      now += seconds * 1000;
      assert.equal((await refresh(refresh_token, idle)).statusCode, status, String(seconds));
    }
  });

  it("end when an Action of the sign-in says so, which may also leave a note", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        if (event.refresh_token) return void api.idToken.setCustomClaim("note", event.refresh_token.metadata.note);
        api.refreshToken.setMetadata("note", "from the sign-in");
        api.refreshToken.setExpiresAt(${now + 30_000});
      };`,
    );
    const { refresh_token } = await agent.tokens(application, offline);
    const second = (await refresh(refresh_token)).json<Record<string, string>>();
    unbindActions(test);
    assert.equal(payloadOf(second["id_token"])["note"], "from the sign-in");
    now += 30_000;
    assert.deepEqual((await refresh(second["refresh_token"])).json(), invalid);
  });

  it("give nothing when their family ends while the Actions run", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async () => new Promise((resolve) => setTimeout(resolve, 200));`,
    );
    const { client_id, client_secret } = application.client;
    const { refresh_token } = await agent.tokens(application, offline);
    const underWay = refresh(refresh_token);
    await sleep(50);
    await agent.post("/oauth/revoke", { client_id, client_secret, token: refresh_token });
    const answer = await underWay;
    unbindActions(test);
    assert.deepEqual([answer.statusCode, answer.json()], [403, invalid]);
  });

  it("are good for fewer scopes, never for more", async () => {
    const { refresh_token } = await agent.tokens(application, { scope: "openid email offline_access" });
    const response = await refresh(refresh_token, application, { scope: "openid profile" });
    assert.equal(response.json<Record<string, string>>()["scope"], "openid");
  });

  it("are unknown when their connection is gone", async () => {
    const gone = addApplication(test);
    const { refresh_token } = await agent.tokens(gone, offline);
    test.tenant.context.store.tables.connections.delete(gone.connection.id);
    const refused = await refresh(refresh_token, gone);
    assert.deepEqual([refused.statusCode, refused.json()], [403, invalid]);
  });

  it("tell of a stolen one in the log, with the client and the person", async () => {
    const { refresh_token, id_token } = await agent.tokens(application, offline);
    await refresh(refresh_token);
    now += 3_000;
    await refresh(refresh_token);
    const row = test.tenant.context.store.tables.logs.list().findLast(({ type }) => type === "ferrt");
    assert.deepEqual(
      [row?.["description"], row?.["client_id"], row?.["user_id"]],
      [
        "Unsuccessful Refresh Token exchange, reused refresh token detected",
        application.client.client_id,
        payloadOf(id_token)["sub"],
      ],
    );
  });

  it("do nothing for a user who was deleted or blocked", async () => {
    const tokens = await agent.tokens(application, { ...offline, employee: "maya.cohen@xyz.example" });
    const { users } = test.tenant.context.store.tables;
    const id = String(payloadOf(tokens["id_token"])["sub"]);
    const user = users.get(id);
    assert.ok(user);
    users.put({ ...user, blocked: true });
    assert.deepEqual((await refresh(tokens["refresh_token"])).json(), {
      error: "unauthorized",
      error_description: "user is blocked",
    });
    users.delete(id);
    assert.deepEqual((await refresh(tokens["refresh_token"])).json(), invalid);
  });

  it("run the Actions again, which may deny, and leave the token good", async () => {
    const { refresh_token } = await agent.tokens(application, offline);
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        if (event.request.body.refresh_token) throw new Error("shown the refresh token");
        if (event.transaction.protocol === "oauth2-refresh-token") api.access.deny("not today");
      };`,
    );
    const denied = await refresh(refresh_token);
    unbindActions(test);
    assert.equal(denied.statusCode, 403);
    assert.deepEqual(denied.json(), { error: "access_denied", error_description: "not today" });
    assert.equal((await refresh(refresh_token)).statusCode, 200);
  });

  it("keep what Actions write about them, and end when an Action revokes them", async () => {
    addBoundAction(
      test,
      `exports.onExecutePostLogin = async (event, api) => {
        if (event.refresh_token === undefined) return;
        const uses = Number(event.refresh_token.metadata.uses ?? 0) + 1;
        api.refreshToken.setMetadata("uses", String(uses));
        api.idToken.setCustomClaim("uses", uses);
        if (uses > 2) api.refreshToken.revoke("used up");
      };`,
    );
    let { refresh_token } = await agent.tokens(application, offline);
    for (const uses of [1, 2]) {
      const tokens = (await refresh(refresh_token)).json<Record<string, string>>();
      assert.equal(payloadOf(tokens["id_token"])["uses"], uses);
      refresh_token = tokens["refresh_token"];
    }
    const denied = await refresh(refresh_token);
    unbindActions(test);
    assert.deepEqual(denied.json(), { error: "access_denied", error_description: "used up" });
    assert.deepEqual((await refresh(refresh_token)).json(), invalid);
  });

  it("can be revoked only by their client, with the access tokens that came from them", async () => {
    const tokens = await agent.tokens(application, offline);
    const other = addApplication(test);
    for (const { client } of [other, application]) {
      const { client_id, client_secret } = client;
      const response = await agent.post("/oauth/revoke", {
        client_id,
        client_secret,
        token: tokens["refresh_token"],
      });
      assert.equal(response.statusCode, 200);
      const userinfo = await agent.get("/userinfo", { authorization: `Bearer ${tokens["access_token"]}` });
      assert.equal(userinfo.statusCode, client === application.client ? 401 : 200);
    }
    assert.deepEqual((await refresh(tokens["refresh_token"])).json(), invalid);
  });
});
