import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite, perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

/** Grant types of Auth0 that the local tenant does not have. */
const NOT_BUILT = [
  "password",
  "http://auth0.com/oauth/grant-type/password-realm",
  "http://auth0.com/oauth/grant-type/passwordless/otp",
  "http://auth0.com/oauth/grant-type/mfa-oob",
  "http://auth0.com/oauth/grant-type/mfa-otp",
  "http://auth0.com/oauth/grant-type/mfa-recovery-code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:openid:params:grant-type:ciba",
];

describe("/oauth/token", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const agent = perTest(() => new Agent(test));
  const lastRow = () => {
    const row = test.tenant.context.store.tables.logs.list().at(-1);
    return {
      type: row?.type,
      description: row?.["description"],
      client_id: row?.["client_id"],
      client_name: row?.["client_name"],
    };
  };

  it("answers what nothing keeps, sniffs or shares", async () => {
    const good = await agent.exchange(application, await agent.code(application));
    const bad = await agent.exchange(application, "unknown");
    for (const { headers } of [good, bad]) {
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["pragma"], "no-cache");
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["vary"], "Origin");
    }
  });

  it("refuses a body that is no form, as the other endpoints for applications do", async () => {
    for (const path of ["/oauth/token", "/oauth/revoke", "/userinfo"]) {
      const answer = await agent.post(path, {}, { "content-type": "text/xml" });
      assert.equal(answer.statusCode, 415, path);
      assert.equal(answer.json<{ error: string }>().error, "invalid_request");
    }
  });

  it("refuses a parameter that comes twice", async () => {
    const twice = await test.tenant.app.inject({
      method: "POST",
      url: "/oauth/token",
      headers: {
        host: test.tenant.context.domain,
        "content-type": "application/x-www-form-urlencoded",
      },
      payload: "grant_type=authorization_code&code=a&code=b",
    });
    assert.equal(twice.statusCode, 400);
    assert.deepEqual(twice.json(), {
      error: "invalid_request",
      error_description: "Parameter code may be given only once",
    });
  });

  for (const grant_type of NOT_BUILT) {
    it(`says that it does not have ${grant_type}, to a client that may use it`, async () => {
      const able = addApplication(test, { client: { grant_types: [grant_type] } });
      const answer = await agent.exchange(able, "code", { grant_type });
      assert.equal(answer.statusCode, 501);
      assert.deepEqual(answer.json(), {
        error: "unsupported_grant_type",
        error_description: `The local tenant does not have ${grant_type}`,
      });
      assert.equal(lastRow().type, "f");
      const refused = await agent.exchange(application, "code", { grant_type });
      assert.equal(refused.statusCode, 403);
      assert.equal(refused.json<{ error: string }>().error, "unauthorized_client");
    });
  }

  it("logs each exchange with its client, and each failure with its reason", async () => {
    const { client } = application;
    const who = { client_id: client.client_id, client_name: client.name };
    const { refresh_token } = await agent.tokens(application, { scope: "openid offline_access" });
    assert.deepEqual(lastRow(), { type: "seacft", description: undefined, ...who });
    const refresh = (token: string | undefined) =>
      agent.exchange(application, "", { grant_type: "refresh_token", refresh_token: token });
    await refresh(refresh_token);
    assert.deepEqual(lastRow(), { type: "sertft", description: undefined, ...who });
    await refresh("unknown");
    const description = "Unknown or invalid refresh token.";
    assert.deepEqual(lastRow(), { type: "fertft", description, ...who });
    await agent.exchange(application, "code", { client_secret: "wrong" });
    assert.deepEqual(lastRow(), { type: "feacft", description: "Unauthorized", ...who });
    await agent.exchange(application, "code", { grant_type: "client_credentials" });
    assert.equal(lastRow().type, "feccft");
    await agent.exchange(application, "code", { client_id: "nobody" });
    const nobody = { client_id: undefined, client_name: undefined };
    assert.deepEqual(lastRow(), { type: "feacft", description: "Unauthorized", ...nobody });
  });

  it("has the client in the request log, by whichever way it came", async () => {
    const { client_id, client_secret } = application.client;
    const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
    await agent.token({ grant_type: "authorization_code", code: "code" }, { authorization });
    assert.equal(test.tenant.context.log.list().at(-1)?.clientId, client_id);
    assert.equal(lastRow().client_id, client_id);
  });

  it("asks for what a refresh needs", async () => {
    const answer = await agent.exchange(application, "", { grant_type: "refresh_token" });
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(answer.json(), {
      error: "invalid_request",
      error_description: "Missing required parameter: refresh_token",
    });
  });
});

describe("/oauth/revoke", () => {
  const test = perSuite(() => startTestTenant());
  const application = perSuite(() => addApplication(test));
  const agent = perSuite(() => new Agent(test));
  const revoke = (changes: Record<string, string | undefined>) => {
    const { client_id, client_secret } = application.client;
    return agent.post("/oauth/revoke", { client_id, client_secret, ...changes });
  };

  it("answers a token that it does not know as one that it has ended, and nothing keeps the answer", async () => {
    const { refresh_token } = await agent.tokens(application, { scope: "openid offline_access" });
    for (const token of [refresh_token, "unknown"]) {
      const answer = await revoke({ token });
      assert.deepEqual([answer.statusCode, answer.body], [200, ""]);
      assert.equal(answer.headers["cache-control"], "no-store");
      assert.equal(test.tenant.context.log.list().at(-1)?.clientId, application.client.client_id);
    }
  });

  it("ends what came from the same sign-in, for the client that it was given to", async () => {
    const { refresh_token: token, access_token } = await agent.tokens(application, {
      scope: "openid offline_access",
    });
    const userinfo = async () =>
      (await agent.get("/userinfo", { authorization: `Bearer ${access_token}` })).statusCode;
    const { client_id, client_secret } = addApplication(test).client;
    assert.equal((await revoke({ token, client_id, client_secret })).statusCode, 200);
    assert.equal(await userinfo(), 200);
    await revoke({ token });
    assert.equal(await userinfo(), 401);
  });

  it("needs a token, and a client that proves who it is", async () => {
    const without = await revoke({});
    assert.equal(without.statusCode, 400);
    assert.deepEqual(without.json(), {
      error: "invalid_request",
      error_description: "Missing required parameter: token",
    });
    const wrong = await revoke({ token: "t", client_secret: "wrong" });
    assert.deepEqual([wrong.statusCode, wrong.json<{ error: string }>().error], [401, "access_denied"]);
  });

  it("ends no access token by itself", async () => {
    const { access_token = "" } = await agent.tokens(application);
    assert.equal((await revoke({ token: access_token })).statusCode, 200);
    const userinfo = await agent.get("/userinfo", { authorization: `Bearer ${access_token}` });
    assert.equal(userinfo.statusCode, 200);
  });
});
