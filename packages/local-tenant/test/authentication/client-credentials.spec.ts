import assert from "node:assert/strict";
import type { ClientEntity, ClientGrantEntity } from "../../src/store/entities.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("client credentials", () => {
  const test = perSuite(() => startTestTenant());
  const agent = perSuite(() => new Agent(test));
  let client: ClientEntity & { client_secret: string };
  const audience = "https://api.example/";
  before(() => {
    const { tables } = test.tenant.context.store;
    tables.resourceServers.put({
      id: "api",
      identifier: audience,
      name: "API",
      token_lifetime: 600,
      scopes: [{ value: "read:a" }, { value: "write:a" }],
    });
    client = {
      client_id: "machine",
      client_secret: "a secret with % and +",
      name: "Machine",
      grant_types: ["client_credentials"],
      token_endpoint_auth_method: "client_secret_post",
    };
    tables.clients.put(client);
    tables.clientGrants.put({ id: "cgr_1", client_id: "machine", audience, scope: ["read:a", "write:a"] });
  });

  const ask = (changes: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
    agent.token(
      {
        grant_type: "client_credentials",
        client_id: client.client_id,
        client_secret: client.client_secret,
        audience,
        ...changes,
      },
      headers,
    );

  it("bring a JWT for the API with the scopes of the client grant", async () => {
    const response = await ask();
    const { access_token, ...rest } = response.json<Record<string, string>>();
    assert.deepEqual(rest, { scope: "read:a write:a", expires_in: 600, token_type: "Bearer" });
    const { iat, exp, ...claims } = await test.tenant.context.keys.verify(access_token ?? "", {
      issuer: test.tenant.context.issuer,
      audience,
    });
    assert.equal((exp ?? 0) - (iat ?? 0), 600);
    assert.deepEqual(claims, {
      iss: test.tenant.context.issuer,
      sub: "machine@clients",
      aud: audience,
      scope: "read:a write:a",
      gty: "client-credentials",
      azp: "machine",
    });
  });

  it("bring fewer scopes when fewer are asked for", async () => {
    assert.equal((await ask({ scope: "read:a" })).json<Record<string, string>>()["scope"], "read:a");
  });

  it("are taken from a Basic header, form-encoded or as they are", async () => {
    const none = { client_id: undefined, client_secret: undefined };
    for (const secret of [client.client_secret, encodeURIComponent(client.client_secret)]) {
      const basic = Buffer.from(`machine:${secret}`).toString("base64");
      const response = await ask(none, { authorization: `Basic ${basic}` });
      assert.equal(response.statusCode, 200, response.body);
    }
  });

  const refusals: [string, Record<string, string | undefined>, number, string, string | RegExp][] = [
    ["a wrong secret", { client_secret: "wrong" }, 401, "access_denied", "Unauthorized"],
    ["an unknown client", { client_id: "nobody" }, 401, "access_denied", "Unauthorized"],
    [
      "an unknown audience",
      { audience: "https://x/" },
      403,
      "access_denied",
      "Service not enabled within domain: https://x/",
    ],
    [
      "no audience",
      { audience: undefined },
      403,
      "access_denied",
      "Non-global clients are not allowed access to APIv1",
    ],
    [
      "an organization",
      { organization: "org_1" },
      400,
      "invalid_request",
      "parameter organization is not allowed for this client",
    ],
    [
      "a scope that was not granted",
      { scope: "read:a delete:a" },
      403,
      "access_denied",
      "Client has not been granted scopes: delete:a",
    ],
    [
      "a grant type that the client lacks",
      { grant_type: "refresh_token" },
      403,
      "unauthorized_client",
      "Grant type 'refresh_token' not allowed for the client.",
    ],
  ];
  for (const [what, changes, status, error, description] of refusals) {
    it(`refuse ${what}`, async () => {
      const response = await ask(changes);
      assert.equal(response.statusCode, status);
      assert.deepEqual(response.json(), { error, error_description: description });
    });
  }

  it("refuse an API that the client has no grant for", async () => {
    const { managementAudience } = test.tenant.context;
    const response = await ask({ audience: managementAudience });
    assert.equal(response.statusCode, 403);
    assert.deepEqual(response.json(), {
      error: "access_denied",
      error_description:
        `Client is not authorized to access "${managementAudience}". You need to create a "client-grant" ` +
        "associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    });
  });

  describe("for another API", () => {
    const other = "https://other.example/";
    const grant = (more: Partial<ClientGrantEntity>) =>
      test.tenant.context.store.tables.clientGrants.put({
        id: "cgr_other",
        client_id: "machine",
        audience: other,
        scope: [],
        ...more,
      });
    const askOther = async (
      changes: Record<string, string | undefined> = {},
    ): Promise<Record<string, unknown>> => {
      const response = await ask({ audience: other, ...changes });
      return { status: response.statusCode, ...response.json<object>() };
    };
    before(() => {
      test.tenant.context.store.tables.resourceServers.put({
        id: "other",
        identifier: other,
        name: "Other",
        scopes: [{ value: "read:b" }, { value: "write:b" }],
      });
    });

    it("bring no scope where none is granted, and are good for a day by default", async () => {
      grant({});
      const { access_token, ...rest } = await askOther();
      assert.deepEqual(rest, { status: 200, expires_in: 86_400, token_type: "Bearer" });
      const { iat, exp, ...claims } = payloadOf(String(access_token));
      assert.equal(Number(exp) - Number(iat), 86_400);
      assert.equal("scope" in claims, false);
    });

    it("bring every scope of the API where all are granted", async () => {
      grant({ allow_all_scopes: true });
      assert.equal((await askOther())["scope"], "read:b write:b");
      const { resourceServers } = test.tenant.context.store.tables;
      const api = resourceServers.get("other");
      assert.ok(api);
      const without = { ...api };
      delete without.scopes;
      resourceServers.put(without);
      assert.deepEqual([(await askOther())["status"], (await askOther())["scope"]], [200, undefined]);
      resourceServers.put(api);
    });

    it("count no grant that is for people", async () => {
      grant({ subject_type: "user", scope: ["read:b"] });
      assert.equal((await askOther())["status"], 403);
      grant({ subject_type: "client", scope: ["read:b"] });
      assert.equal((await askOther())["status"], 200);
    });

    it("name all the scopes that are missing, whatever is between those that were asked for", async () => {
      grant({ scope: ["read:b", "write:b"] });
      assert.equal((await askOther({ scope: " write:b   read:b " }))["scope"], "write:b read:b");
      assert.equal(
        (await askOther({ scope: "x:b read:b y:b" }))["error_description"],
        "Client has not been granted scopes: x:b, y:b",
      );
    });

    it("are for the API of the tenant's settings where they name none", async () => {
      grant({ scope: ["read:b"] });
      await test.api("PATCH", "/tenants/settings", { default_audience: other });
      const { access_token } = await askOther({ audience: undefined });
      assert.equal(payloadOf(String(access_token))["aud"], other);
      await test.api("PATCH", "/tenants/settings", { default_audience: "" });
      assert.equal((await askOther({ audience: undefined }))["status"], 403);
    });
  });

  it("refuse a client that proves nothing", async () => {
    test.tenant.context.store.tables.clients.put({
      ...client,
      client_id: "public",
      token_endpoint_auth_method: "none",
    });
    const response = await ask({ client_id: "public", client_secret: undefined });
    assert.equal(response.statusCode, 401);
    assert.deepEqual(response.json(), { error: "access_denied", error_description: "Unauthorized" });
  });

  it("refuse credentials in two places that differ", async () => {
    const basic = Buffer.from("other:secret").toString("base64");
    const response = await ask({}, { authorization: `Basic ${basic}` });
    assert.equal(response.json<Record<string, string>>()["error"], "invalid_request");
  });
});
