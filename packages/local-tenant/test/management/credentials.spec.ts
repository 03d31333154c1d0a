import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { Client, Credential } from "../support/answers.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Credentials of a client", () => {
  const test = perSuite(() => startTestTenant());
  let clientId: string;
  const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    type: "spki",
    format: "pem",
  });
  before(async () => {
    const body = { name: "keyed", app_type: "non_interactive" };
    clientId = (await test.api<Client>("POST", "/clients", body)).body.client_id;
  });

  const add = (body: Record<string, unknown> = {}) =>
    test.api<Credential>("POST", `/clients/${clientId}/credentials`, {
      credential_type: "public_key",
      name: "k",
      pem,
      ...body,
    });
  const attach = (...ids: string[]) =>
    test.api("PATCH", `/clients/${clientId}`, {
      client_authentication_methods: { private_key_jwt: { credentials: ids.map((id) => ({ id })) } },
      token_endpoint_auth_method: null,
    });

  it("are listed as a plain array, whatever paging is asked for, and never answer the key", async () => {
    const made = await add();
    assert.equal(made.status, 201);
    assert.match(made.body.id, /^cred_[A-Za-z0-9]{22}$/);
    assert.equal(made.body.alg, "RS256");
    assert.equal("pem" in made.body, false);
    const listed = await test.api("GET", `/clients/${clientId}/credentials?include_totals=true&per_page=50`);
    assert.deepEqual(listed.body, [made.body]);
  });

  it("hide the client's secret while a key is attached, and show it again afterwards", async () => {
    const { id } = (await add()).body;
    const attached = await attach(id);
    assert.equal(attached.status, 200);
    assert.equal("client_secret" in attached.body, false);
    assert.equal("token_endpoint_auth_method" in attached.body, false);
    const detached = await test.api<Client>("PATCH", `/clients/${clientId}`, {
      client_authentication_methods: null,
      token_endpoint_auth_method: "client_secret_post",
    });
    assert.match(detached.body.client_secret, /^[A-Za-z0-9]{64}$/);
  });

  it("cannot be deleted while they are attached", async () => {
    const { id } = (await add()).body;
    await attach(id);
    assert.equal((await test.api("DELETE", `/clients/${clientId}/credentials/${id}`)).status, 400);
    await test.api("PATCH", `/clients/${clientId}`, { client_authentication_methods: null });
    assert.equal((await test.api("DELETE", `/clients/${clientId}/credentials/${id}`)).status, 204);
    assert.equal((await test.api("GET", `/clients/${clientId}/credentials/${id}`)).status, 404);
  });

  it("must be the client's own to be attached", async () => {
    const unknown = await attach("cred_0000000000000000000000");
    assert.deepEqual(
      [unknown.status, unknown.body.errorCode, unknown.body.message],
      [400, "invalid_body", "The credential cred_0000000000000000000000 does not exist for this client."],
    );
    const other = await test.api<Client>("POST", "/clients", { name: "other", app_type: "non_interactive" });
    const path = `/clients/${other.body.client_id}/credentials`;
    const theirs = await test.api<Credential>("POST", path, { credential_type: "public_key", pem });
    assert.equal(theirs.status, 201);
    const { id } = theirs.body;
    assert.equal((await attach(id)).status, 400);
    for (const [method, body] of [["GET"], ["PATCH", { expires_at: null }], ["DELETE"]] as const) {
      const answer = await test.api(method, `/clients/${clientId}/credentials/${id}`, body);
      assert.equal(answer.status, 404, method);
    }
    const listed = await test.api("GET", `/clients/${clientId}/credentials`);
    assert.ok(!JSON.stringify(listed.body).includes(id));
    assert.equal((await test.api("GET", `${path}/${id}`)).status, 200);
  });

  it("refuse what is not a key", async () => {
    const answer = await test.api("POST", `/clients/${clientId}/credentials`, {
      credential_type: "public_key",
      pem: "-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----",
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.body.errorCode, "invalid_body");
  });

  it("can be given an end, and be freed of it", async () => {
    const { id } = (await add()).body;
    const path = `/clients/${clientId}/credentials/${id}`;
    const until = "2030-01-01T00:00:00.000Z";
    const setEnd = async (expires_at: string | null) =>
      (await test.api<Credential>("PATCH", path, { expires_at })).body;
    assert.equal((await setEnd(until)).expires_at, until);
    assert.equal("expires_at" in (await setEnd(null)), false);
  });
});
