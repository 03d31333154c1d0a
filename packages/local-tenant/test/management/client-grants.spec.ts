import assert from "node:assert/strict";
import type { Client, ClientGrant } from "../support/answers.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const AUDIENCE = "https://api.example/";

describe("Client grants", () => {
  const test = perSuite(() => startTestTenant());
  before(async () => {
    await test.api("POST", "/resource-servers", {
      identifier: AUDIENCE,
      name: "Example",
      scopes: [{ value: "read:a" }, { value: "read:b" }],
    });
  });

  async function grant(body: Record<string, unknown> = {}) {
    const { client_id } = (await test.api<Client>("POST", "/clients", { name: "granted" })).body;
    const made = await test.api<ClientGrant>("POST", "/client-grants", {
      client_id,
      audience: AUDIENCE,
      scope: ["read:b"],
      ...body,
    });
    return { client_id, made };
  }

  it("keep their scopes in order and are for clients by default", async () => {
    const { client_id, made } = await grant({ scope: ["read:b", "read:a"] });
    assert.equal(made.status, 201);
    const { id, ...rest } = made.body;
    assert.match(id, /^cgr_[A-Za-z0-9]{16}$/);
    assert.deepEqual(rest, {
      client_id,
      audience: AUDIENCE,
      scope: ["read:b", "read:a"],
      subject_type: "client",
    });
  });

  it("are found by audience and client together, with totals", async () => {
    const { client_id, made } = await grant();
    const both = `audience=${encodeURIComponent(AUDIENCE)}&client_id=${client_id}&include_totals=true&per_page=50`;
    const found = await test.api("GET", `/client-grants?${both}`);
    assert.deepEqual(found.body, { start: 0, limit: 50, length: 1, total: 1, client_grants: [made.body] });
    const none = await test.api(
      "GET",
      `/client-grants?audience=https://other.example&client_id=${client_id}`,
    );
    assert.deepEqual(none.body, []);
  });

  it("exist once for a client, an audience and a kind of subject", async () => {
    const { client_id } = await grant();
    const again = { client_id, audience: AUDIENCE, scope: [] };
    assert.equal((await test.api("POST", "/client-grants", again)).status, 409);
    assert.equal((await test.api("POST", "/client-grants", { ...again, subject_type: "user" })).status, 201);
  });

  it("have no scopes of their own while they allow all, and start empty afterwards", async () => {
    const { made } = await grant();
    const path = `/client-grants/${made.body.id}`;
    const all = await test.api<ClientGrant>("PATCH", path, { allow_all_scopes: true });
    assert.equal("scope" in all.body, false);
    const back = await test.api<ClientGrant>("PATCH", path, { allow_all_scopes: false, scope: [] });
    assert.deepEqual(back.body.scope, []);
    assert.deepEqual((await test.api<ClientGrant>("PATCH", path, { scope: ["read:a"] })).body.scope, [
      "read:a",
    ]);
  });

  it("take scopes that the API does not define yet, and refuse parties that do not exist", async () => {
    assert.deepEqual((await grant({ scope: ["write:all"] })).made.body.scope, ["write:all"]);
    assert.equal((await grant({ audience: "https://nowhere.example/" })).made.status, 404);
    const nobody = await test.api("POST", "/client-grants", {
      client_id: "nobody",
      audience: AUDIENCE,
      scope: [],
    });
    assert.equal(nobody.body.errorCode, "inexistent_client");
  });

  it("name each scope where the API is one of Auth0's own", async () => {
    const audience = test.tenant.context.managementAudience;
    const { made } = await grant({ audience, scope: ["read:users"] });
    assert.equal(made.status, 201);
    for (const allow_all_scopes of [true, false]) {
      const refused = await test.api("PATCH", `/client-grants/${made.body.id}`, { allow_all_scopes });
      assert.equal(refused.status, 400);
      assert.match(
        refused.body.message,
        /`allow_all_scopes` cannot be provided when `audience` is a system API/,
      );
      assert.equal((await grant({ audience, allow_all_scopes })).made.status, 400);
    }
  });

  it("may be deleted although they are gone already", async () => {
    const { made } = await grant();
    assert.equal((await test.api("DELETE", `/client-grants/${made.body.id}`)).status, 204);
    assert.equal((await test.api("DELETE", `/client-grants/${made.body.id}`)).status, 204);
    assert.equal((await test.api("GET", `/client-grants/${made.body.id}`)).status, 404);
  });
});
