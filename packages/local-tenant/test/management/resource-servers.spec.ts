import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import type { Client, ResourceServer } from "../support/answers.ts";
import { maker } from "../support/maker.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("Resource servers", () => {
  const test = perSuite(() => startTestTenant());
  const create = maker<ResourceServer>(test, "/resource-servers", (number) => ({
    identifier: `https://api${number}.example/`,
  }));

  it("get production's defaults", async () => {
    const { id, identifier, name, ...rest } = await create({
      identifier: "https://defaults.example/",
      name: "API",
    });
    assert.match(id, /^[0-9a-f]{24}$/);
    assert.equal(identifier, "https://defaults.example/");
    assert.equal(name, "API");
    assert.deepEqual(rest, {
      allow_offline_access: false,
      skip_consent_for_verifiable_first_party_clients: false,
      subject_type_authorization: {
        client: { policy: "require_client_grant" },
        user: { policy: "allow_all" },
      },
      token_lifetime: 86_400,
      token_lifetime_for_web: 7200,
      signing_alg: "RS256",
    });
  });

  it("are read by id and by identifier, encoded once or twice", async () => {
    const { id, identifier } = await create();
    const once = encodeURIComponent(identifier);
    for (const key of [id, once, encodeURIComponent(once)]) {
      assert.equal((await test.api<ResourceServer>("GET", `/resource-servers/${key}`)).body.id, id);
    }
  });

  it("replace their scopes as a whole", async () => {
    const { id } = await create({ scopes: [{ value: "a" }] });
    const scopes = [{ value: "b", description: "B" }];
    const changed = await test.api<ResourceServer>("PATCH", `/resource-servers/${id}`, { scopes });
    assert.deepEqual(changed.body.scopes, scopes);
  });

  it("answer the thumbprint of an encryption key instead of the key", async () => {
    const { cert } = test.tenant.context.keys.current();
    const made = await create({
      token_encryption: {
        format: "compact-nested-jwe",
        encryption_key: { name: "k", alg: "RSA-OAEP-256", pem: cert },
      },
    });
    assert.deepEqual(made.token_encryption?.encryption_key, {
      name: "k",
      alg: "RSA-OAEP-256",
      thumbprint_sha256: createHash("sha256").update(new X509Certificate(cert).raw).digest("base64url"),
    });
  });

  it("lose a setting that is set to null", async () => {
    const { id } = await create({ consent_policy: "transactional-authorization-with-mfa" });
    const changed = await test.api("PATCH", `/resource-servers/${id}`, { consent_policy: null });
    assert.equal("consent_policy" in changed.body, false);
  });

  it("exist once for an identifier, and take their grants with them", async () => {
    const { id, identifier } = await create({ scopes: [{ value: "a" }] });
    assert.equal((await test.api("POST", "/resource-servers", { identifier })).status, 409);
    const { client_id } = (await test.api<Client>("POST", "/clients", { name: "c" })).body;
    await test.api("POST", "/client-grants", { client_id, audience: identifier, scope: ["a"] });
    assert.equal((await test.api("DELETE", `/resource-servers/${id}`)).status, 204);
    assert.deepEqual((await test.api("GET", `/client-grants?client_id=${client_id}`)).body, []);
  });

  it("are found by several identifiers, with the fields that are asked for", async () => {
    const made = [await create(), await create()].map(({ identifier }) => identifier);
    const query = made.map((identifier) => `identifiers=${encodeURIComponent(identifier)}`).join("&");
    const rows = made.map((identifier) => ({ identifier }));
    const path = `/resource-servers?${query}&fields=identifier`;
    assert.deepEqual((await test.api("GET", path)).body, rows);
    assert.deepEqual((await test.api("GET", `${path}&take=5`)).body, { resource_servers: rows });
  });

  it("keep the Management API, with every scope of an operation", async () => {
    const key = encodeURIComponent(test.tenant.context.managementAudience);
    const api = (await test.api<ResourceServer>("GET", `/resource-servers/${key}`)).body;
    assert.equal(api.is_system, true);
    assert.equal(
      api.scopes?.some((scope) => scope.value === "read:users"),
      true,
    );
    assert.equal((await test.api("DELETE", `/resource-servers/${api.id}`)).status, 403);
  });
});
