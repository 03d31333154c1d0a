import assert from "node:assert/strict";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Access to the Management API", () => {
  const test = perSuite(() => startTestTenant());

  async function get(path: string, headers: Record<string, string>) {
    const { app, context } = test.tenant;
    const response = await app.inject({
      url: `/api/v2${path}`,
      headers: { host: context.domain, ...headers },
    });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
  }

  function sign(claims: Record<string, unknown> = {}): Promise<string> {
    const { context } = test.tenant;
    const now = Math.floor(context.now() / 1000);
    return context.keys.sign({
      iss: context.issuer,
      sub: "app@clients",
      aud: context.managementAudience,
      iat: now,
      exp: now + 60,
      azp: "app",
      ...claims,
    });
  }

  it("refuses a call without a token", async () => {
    assert.deepEqual(await get("/clients", {}), {
      status: 401,
      body: { statusCode: 401, error: "Unauthorized", message: "Missing authentication" },
    });
  });

  for (const [what, claims] of Object.entries({
    "for another audience": { aud: "https://elsewhere.example/" },
    "of another issuer": { iss: "https://elsewhere.example/" },
  })) {
    it(`refuses a token ${what}`, async () => {
      const answer = await get("/clients", { authorization: `Bearer ${await sign(claims)}` });
      assert.equal(answer.status, 401);
      assert.equal(answer.body["message"], "Invalid token");
    });
  }

  it("refuses a token that was tampered with", async () => {
    const token = await sign({ scope: "read:clients" });
    const [head, , signature] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ scope: "read:clients" })).toString("base64url");
    const answer = await get("/clients", { authorization: `Bearer ${head}.${forged}.${signature}` });
    assert.equal(answer.status, 401);
  });

  it("says of a token that is too old that it has expired", async () => {
    const answer = await get("/clients", { authorization: `Bearer ${await sign({ exp: 1 })}` });
    assert.equal(answer.status, 401);
    assert.match(String(answer.body["message"]), /Expired token/);
  });

  it("names the scopes that would be enough when the token has none of them", async () => {
    const answer = await get("/users/auth0%7Cx", {
      authorization: `Bearer ${await sign({ scope: "read:clients" })}`,
    });
    assert.deepEqual(answer, {
      status: 403,
      body: {
        statusCode: 403,
        error: "Forbidden",
        message: "Insufficient scope, expected any of: read:users,read:current_user,read:user_idp_tokens",
        errorCode: "insufficient_scope",
      },
    });
  });

  it("counts a scope for the current user only for that user", async () => {
    const scope = "read:current_user";
    const call = async (sub: string) =>
      (await get("/users/auth0%7Cme", { authorization: `Bearer ${await sign({ sub, scope })}` })).status;
    assert.equal(await call("auth0|other"), 403);
    assert.equal(await call("auth0|me"), 404);
  });

  it("lets a scope for one field of a user change nothing else", async () => {
    const { app, context } = test.tenant;
    const authorization = `Bearer ${await sign({ scope: "update:users_app_metadata" })}`;
    const call = async (payload: object) =>
      (
        await app.inject({
          method: "PATCH",
          url: "/api/v2/users/auth0%7Cnobody",
          headers: { host: context.domain, authorization },
          payload,
        })
      ).statusCode;
    assert.equal(await call({ app_metadata: {}, password: "Secret-123" }), 403);
    assert.equal(await call({ app_metadata: {} }), 404);
  });

  it("lets a token with the right scope through, and notes its client in the request log", async () => {
    const { context } = test.tenant;
    const answer = await get("/roles", { authorization: `Bearer ${await sign({ scope: "read:roles" })}` });
    assert.equal(answer.status, 200);
    assert.equal(context.log.list().at(-1)?.clientId, "app");
  });

  it("answers what it does not implement with 501, naming the operation", async () => {
    const answer = await get("/jobs/errors", { authorization: `Bearer ${await sign()}` });
    assert.equal(answer.status, 501);
    assert.equal(answer.body["error"], "Not Implemented");
    assert.match(String(answer.body["message"]), /GET \/api\/v2\/jobs\/errors/);
  });

  it("hides secrets and keys of clients from a token that may only read clients", async () => {
    const authorization = `Bearer ${await sign({ scope: "read:clients" })}`;
    const [client] = (await get("/clients", { authorization })).body as unknown as Record<string, unknown>[];
    assert.ok(client?.["client_id"]);
    assert.deepEqual(
      ["client_secret", "signing_keys"].filter((key) => key in client),
      [],
    );
  });
});
