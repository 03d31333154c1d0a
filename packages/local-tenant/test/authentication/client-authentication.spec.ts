import assert from "node:assert/strict";
import type { ClientEntity } from "../../src/store/entities.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("a client that proves itself with its secret", () => {
  const test = perSuite(() => startTestTenant());
  const agent = perSuite(() => new Agent(test));
  const audience = "https://api.example/";
  before(() => {
    test.tenant.context.store.tables.resourceServers.put({ id: "api", identifier: audience, name: "API" });
    for (const [client_id, more] of [
      ["machine", { client_secret: "a secret: +%" }],
      ["spaced", { client_secret: "a b" }],
      ["named", { client_secret: "secret", client_authentication_methods: null }],
      ["keyed", { client_secret: "secret", client_authentication_methods: {} }],
      ["spa", { client_secret: "secret", token_endpoint_auth_method: "none" }],
      ["bare", {}],
      ["a b", { client_secret: "secret" }],
    ] as const) {
      addClient(client_id, more);
    }
  });

  function addClient(client_id: string, more: Partial<ClientEntity>): void {
    const { clients, clientGrants } = test.tenant.context.store.tables;
    clients.put({ client_id, name: client_id, grant_types: ["client_credentials"], ...more });
    clientGrants.put({ id: `cgr_${client_id}`, client_id, audience, scope: [] });
  }

  const ask = (client_id: string | undefined, client_secret?: string, headers: Record<string, string> = {}) =>
    agent.token({ grant_type: "client_credentials", audience, client_id, client_secret }, headers);
  const basic = (text: string, scheme = "Basic") => ({
    authorization: `${scheme} ${Buffer.from(text).toString("base64")}`,
  });
  const unauthorized = { error: "access_denied", error_description: "Unauthorized" };

  it("sends it in the body, as it is", async () => {
    assert.equal((await ask("machine", "a secret: +%")).statusCode, 200);
    assert.equal((await ask("spaced", "a b")).statusCode, 200);
    for (const encoded of ["a%20b", "a+b"]) {
      const refused = await ask("spaced", encoded);
      assert.deepEqual([refused.statusCode, refused.json()], [401, unauthorized], encoded);
    }
  });

  it("sends it in the Authorization header, form-encoded or as it is", async () => {
    for (const sent of ["machine:a secret: +%", "machine:a+secret%3A+%2B%25", "spaced:a b", "a+b:secret"]) {
      for (const scheme of ["Basic", "basic", "BASIC "]) {
        const answer = await ask(undefined, undefined, basic(sent, scheme));
        assert.equal(answer.statusCode, 200, `${scheme} ${sent} ${answer.body}`);
      }
    }
    for (const wrong of ["machine:a secret", "machine:100%", "100%:a secret"]) {
      const refused = await ask(undefined, undefined, basic(wrong));
      assert.deepEqual([refused.statusCode, refused.json()], [401, unauthorized], wrong);
    }
  });

  it("may repeat its id in the body, but not name another", async () => {
    assert.equal((await ask("spaced", undefined, basic("spaced:a b"))).statusCode, 200);
    const refused = await ask("machine", undefined, basic("spaced:a b"));
    assert.equal(refused.statusCode, 400);
    assert.deepEqual(refused.json(), {
      error: "invalid_request",
      error_description: "The client_id in the body is not the one in the Authorization header.",
    });
  });

  it("is asked for its id where the header has none", async () => {
    const encoded = Buffer.from("machine:a secret: +%").toString("base64");
    const headers = [basic("no colon"), basic("spaced:a b", "Bearer"), basic("spaced:a b", "Not Basic")];
    for (const authorization of [
      ...headers.map((header) => header.authorization),
      "Basic",
      "Basic ***",
      `Basic ${encoded}*`,
    ]) {
      const answer = await ask(undefined, undefined, { authorization });
      assert.equal(answer.statusCode, 400, authorization);
      assert.deepEqual(answer.json(), {
        error: "invalid_request",
        error_description: "Missing required parameter: client_id",
      });
    }
  });

  it("is refused where it has none, or keys instead of one", async () => {
    for (const [client, secret] of [
      ["bare", ""],
      ["bare", "undefined"],
      ["keyed", "secret"],
    ] as const) {
      const answer = await ask(client, secret);
      assert.deepEqual([answer.statusCode, answer.json()], [401, unauthorized], `${client} ${secret}`);
    }
    assert.equal((await ask("named", "secret")).statusCode, 200);
  });

  it("is told the same whether the client or the secret is unknown", async () => {
    const answers = [await ask("nobody", "secret"), await ask("named", "wrong"), await ask("named")];
    for (const answer of answers) {
      assert.deepEqual([answer.statusCode, answer.json()], [401, unauthorized]);
    }
  });

  it("need not send one where it is a public client, and must where it is not", async () => {
    const revoke = (client_id: string) => agent.post("/oauth/revoke", { client_id, token: "unknown" });
    assert.equal((await revoke("spa")).statusCode, 200);
    for (const client of ["named", "bare"]) {
      const answer = await revoke(client);
      assert.deepEqual([answer.statusCode, answer.json()], [401, unauthorized], client);
    }
  });

  it("must send the right one also if it is a public client that need not send any", async () => {
    assert.equal((await ask("spa", "secret")).statusCode, 200);
    assert.deepEqual((await ask("spa", "wrong")).json(), unauthorized);
  });
});
