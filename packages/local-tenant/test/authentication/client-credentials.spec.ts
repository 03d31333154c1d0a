import assert from "node:assert/strict";
import type { ClientEntity } from "../../src/store/entities.ts";
import { Agent } from "../support/oauth.ts";
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
    const response = await ask({ audience: test.tenant.context.managementAudience });
    assert.equal(response.statusCode, 403);
    assert.match(
      response.body,
      /^\{"error":"access_denied","error_description":"Client is not authorized to access/,
    );
  });

  it("refuse a client that proves nothing", async () => {
    test.tenant.context.store.tables.clients.put({
      ...client,
      client_id: "public",
      token_endpoint_auth_method: "none",
    });
    const response = await ask({ client_id: "public", client_secret: undefined });
    assert.deepEqual(response.json(), { error: "access_denied", error_description: "Unauthorized" });
  });

  it("refuse credentials in two places that differ", async () => {
    const basic = Buffer.from("other:secret").toString("base64");
    const response = await ask({}, { authorization: `Basic ${basic}` });
    assert.equal(response.json<Record<string, string>>()["error"], "invalid_request");
  });
});
