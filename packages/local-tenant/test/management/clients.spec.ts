import assert from "node:assert/strict";
import type { Checkpoint, Client, Connection, Page } from "../support/answers.ts";
import { maker } from "../support/maker.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Clients", () => {
  const test = perSuite(() => startTestTenant());

  const create = maker<Client>(test, "/clients", () => ({ name: "App" }));
  const patch = (id: string, body: unknown) => test.api<Client>("PATCH", `/clients/${id}`, body);

  it("get production's defaults, ids and secrets", async () => {
    const client = await create();
    assert.match(client.client_id, /^[A-Za-z0-9]{32}$/);
    assert.match(client.client_secret, /^[A-Za-z0-9]{64}$/);
    assert.deepEqual(client.grant_types, [
      "authorization_code",
      "implicit",
      "refresh_token",
      "client_credentials",
    ]);
    assert.deepEqual(client.jwt_configuration, { secret_encoded: false, lifetime_in_seconds: 36_000 });
    assert.equal(client.refresh_token?.token_lifetime, 2_592_000);
    assert.equal("token_endpoint_auth_method" in client, false);
    for (const key of ["description", "logo_uri", "callbacks"]) assert.equal(key in client, false, key);
  });

  it("get longer refresh tokens when they keep a secret, and no client_credentials when they cannot", async () => {
    const web = await create({ app_type: "regular_web", token_endpoint_auth_method: "client_secret_post" });
    assert.equal(web.refresh_token?.token_lifetime, 31_557_600);
    assert.equal(web.refresh_token?.idle_token_lifetime, 2_592_000);
    const native = await create({ app_type: "native", token_endpoint_auth_method: "none" });
    assert.deepEqual(native.grant_types, ["authorization_code", "implicit", "refresh_token"]);
  });

  it("of third parties are permissive by default, and Okta's asks for the organization first", async () => {
    const third = { name: "third", is_first_party: false };
    assert.equal((await create(third)).third_party_security_mode, "permissive");
    const first = await create({ name: "first" });
    assert.equal("third_party_security_mode" in first, false);
    const express = await create({ name: "oin", app_type: "express_configuration" });
    assert.equal(express.organization_require_behavior, "pre_login_prompt");
  });

  it("answer cross-origin authentication under its old name too", async () => {
    const on = await create({ name: "cross", cross_origin_authentication: true });
    assert.deepEqual([on.cross_origin_authentication, on.cross_origin_auth], [true, true]);
    const off = await patch(on.client_id, { cross_origin_authentication: false });
    assert.equal(off.body.cross_origin_auth, false);
  });

  it("merge metadata key by key, where null removes a key", async () => {
    const { client_id } = await create({ client_metadata: { a: "1", b: "2" } });
    const changed = await patch(client_id, { client_metadata: { a: null, c: "3" } });
    assert.deepEqual(changed.body.client_metadata, { b: "2", c: "3" });
  });

  it("merge token settings, replace lists, and lose what is set to null", async () => {
    const { client_id } = await create({
      callbacks: ["https://a.example/"],
      initiate_login_uri: "https://a.example/",
    });
    const changed = await patch(client_id, {
      jwt_configuration: { alg: "RS256" },
      callbacks: [],
      initiate_login_uri: null,
    });
    assert.deepEqual(changed.body.jwt_configuration, {
      secret_encoded: false,
      lifetime_in_seconds: 36_000,
      alg: "RS256",
    });
    assert.deepEqual(changed.body.callbacks, []);
    assert.equal("initiate_login_uri" in changed.body, false);
  });

  it("answer the secret that was set, and a new one after a rotation", async () => {
    const { client_id } = await create();
    assert.equal((await patch(client_id, { client_secret: "given" })).body.client_secret, "given");
    const rotated = await test.api<Client>("POST", `/clients/${client_id}/rotate-secret`);
    assert.match(rotated.body.client_secret, /^[A-Za-z0-9]{64}$/);
    assert.equal(
      (await test.api<Client>("GET", `/clients/${client_id}`)).body.client_secret,
      rotated.body.client_secret,
    );
  });

  it("answer the fields that are asked for, or all but those", async () => {
    const { client_id } = await create({ app_type: "spa" });
    const few = await test.api("GET", `/clients/${client_id}?fields=client_id,app_type&include_fields=true`);
    assert.deepEqual(few.body, { client_id, app_type: "spa" });
    const rest = await test.api<Client>(
      "GET",
      `/clients/${client_id}?fields=client_secret&include_fields=false`,
    );
    assert.equal("client_secret" in rest.body, false);
    assert.equal(rest.body.app_type, "spa");
  });

  it("leave the grants and connections when they are deleted, and may be deleted twice", async () => {
    const { client_id } = await create();
    const connection = await test.api<Connection>("POST", "/connections", {
      name: "leaving",
      strategy: "auth0",
      enabled_clients: [client_id],
    });
    const { managementAudience: audience } = test.tenant.context;
    await test.api("POST", "/client-grants", { client_id, audience, scope: ["read:users"] });
    assert.equal((await test.api("DELETE", `/clients/${client_id}`)).status, 204);
    assert.equal((await test.api("DELETE", `/clients/${client_id}`)).status, 204);
    const clients = await test.api("GET", `/connections/${connection.body.id}/clients`);
    assert.deepEqual(clients.body, { clients: [] });
    assert.deepEqual((await test.api("GET", `/client-grants?client_id=${client_id}`)).body, []);
    const gone = await test.api("GET", `/clients/${client_id}`);
    assert.equal(gone.body.errorCode, "inexistent_client");
  });

  it("are enabled on every connection at once while the tenant's flag says so", async () => {
    await test.api("PATCH", "/tenants/settings", { flags: { enable_client_connections: true } });
    const { client_id } = await create();
    await test.api("PATCH", "/tenants/settings", { flags: { enable_client_connections: false } });
    const later = await create();
    const [connection] = (await test.api<Connection[]>("GET", "/connections")).body;
    assert.equal(connection?.enabled_clients.includes(client_id), true);
    assert.equal(connection.enabled_clients.includes(later.client_id), false);
  });
});

describe("Lists of clients", () => {
  const test = perSuite(() => startTestTenant());
  before(async () => {
    for (let index = 0; index < 5; index += 1) {
      await test.api("POST", "/clients", { name: `c${index}`, app_type: index < 2 ? "spa" : "native" });
    }
  });

  it("are arrays, and objects with totals when asked for", async () => {
    const array = await test.api<Client[]>("GET", "/clients?per_page=3");
    assert.equal(array.body.length, 3);
    const { body } = await test.api<Page & { clients: Client[] }>(
      "GET",
      "/clients?per_page=3&page=1&include_totals=true",
    );
    const { clients, ...totals } = body;
    assert.equal(clients.length, 3);
    assert.deepEqual(totals, { start: 3, limit: 3, length: 3, total: 7 });
  });

  it("end with an empty page", async () => {
    assert.deepEqual((await test.api("GET", "/clients?per_page=100&page=1")).body, []);
  });

  it("walk by checkpoint over every client once", async () => {
    const seen: string[] = [];
    let from = "";
    for (let pages = 0; pages < 10; pages += 1) {
      const { body } = await test.api<Checkpoint & { clients: Client[] }>("GET", `/clients?take=3${from}`);
      seen.push(...body.clients.map((client) => client.name));
      if (body.next === undefined) break;
      from = `&from=${body.next}`;
    }
    assert.deepEqual(seen, ["All Applications", "Deployer", "c0", "c1", "c2", "c3", "c4"]);
  });

  it("filter by type and by being the global client", async () => {
    const spas = await test.api("GET", "/clients?app_type=spa&fields=name&include_fields=true");
    assert.deepEqual(spas.body, [{ name: "c0" }, { name: "c1" }]);
    const global = await test.api<Client[]>("GET", "/clients?is_global=true");
    assert.deepEqual(
      global.body.map((client) => client.name),
      ["All Applications"],
    );
  });

  it("refuse a page that is not a number and a page size over 100", async () => {
    for (const query of ["page=x", "per_page=101", "page=-1"]) {
      const answer = await test.api("GET", `/clients?${query}`);
      assert.equal(answer.status, 400, query);
      assert.equal(answer.body.errorCode, "invalid_query_string");
    }
  });
});
