import assert from "node:assert/strict";
import type { Page, Role, User, UserPermission } from "../support/answers.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const API = "https://api.example/";
const READ = { resource_server_identifier: API, permission_name: "read:a" };
const WRITE = { resource_server_identifier: API, permission_name: "write:a" };

describe("Roles and permissions", () => {
  const test = perSuite(() => startTestTenant());
  let count = 0;
  before(async () => {
    const scopes = [{ value: "read:a", description: "Read A" }, { value: "write:a" }];
    await test.api("POST", "/resource-servers", { identifier: API, name: "API", scopes });
  });

  async function role(): Promise<string> {
    count += 1;
    return (await test.api<Role>("POST", "/roles", { name: `role ${count}` })).body.id;
  }
  async function user(): Promise<string> {
    count += 1;
    const body = {
      connection: "Username-Password-Authentication",
      email: `u${count}@example.com`,
      password: "Secret-123",
    };
    return encodeURIComponent((await test.api<User>("POST", "/users", body)).body.user_id);
  }

  it("are created with 200, and without a description have null there", async () => {
    const made = await test.api<Role>("POST", "/roles", { name: "plain" });
    assert.equal(made.status, 200);
    assert.deepEqual(made.body, { id: made.body.id, name: "plain", description: null, type: "tenant" });
    assert.match(made.body.id, /^rol_[A-Za-z0-9]{16}$/);
    assert.equal((await test.api("POST", "/roles", { name: "plain" })).status, 409);
    assert.deepEqual(
      await test.api("DELETE", `/roles/${made.body.id}`, {}).then(({ status, body }) => ({ status, body })),
      {
        status: 200,
        body: {},
      },
    );
  });

  it("belong to the tenant, because there are no organizations here", async () => {
    assert.equal((await test.api("POST", "/roles", { name: "ours", type: "tenant" })).status, 200);
    const theirs = { name: "theirs", type: "organization", owner_id: "org_0123456789abcdef" };
    assert.equal((await test.api("POST", "/roles", theirs)).status, 404);
    const path = `/roles/${await role()}`;
    assert.equal((await test.api("PATCH", path, { type: "tenant" })).body.errorCode, "invalid_body");
  });

  it("gather permissions once each, described by their API", async () => {
    const path = `/roles/${await role()}/permissions`;
    assert.equal((await test.api("POST", path, { permissions: [WRITE, READ] })).status, 201);
    await test.api("POST", path, { permissions: [READ] });
    assert.deepEqual((await test.api("GET", path)).body, [
      { ...READ, description: "Read A", resource_server_name: "API" },
      { ...WRITE, description: "", resource_server_name: "API" },
    ]);
    assert.equal((await test.api("DELETE", path, { permissions: [READ] })).status, 204);
    assert.equal((await test.api<Page>("GET", `${path}?include_totals=true`)).body.total, 1);
  });

  it("refuse a permission that its API does not define", async () => {
    const path = `/roles/${await role()}/permissions`;
    const answer = await test.api("POST", path, { permissions: [{ ...READ, permission_name: "no:such" }] });
    assert.equal(answer.status, 400);
  });

  it("give their permissions to a user, beside the user's own, each with its sources", async () => {
    const [roleId, userId] = [await role(), await user()];
    await test.api("POST", `/roles/${roleId}/permissions`, { permissions: [READ] });
    assert.equal((await test.api("POST", `/users/${userId}/roles`, { roles: [roleId] })).status, 204);
    assert.equal(
      (await test.api("POST", `/users/${userId}/permissions`, { permissions: [READ, WRITE] })).status,
      201,
    );
    const { body } = await test.api<UserPermission[]>("GET", `/users/${userId}/permissions`);
    const sources = body.map((row) => [row.permission_name, row.sources.map((source) => source.source_type)]);
    assert.deepEqual(sources, [
      ["read:a", ["DIRECT", "ROLE"]],
      ["write:a", ["DIRECT"]],
    ]);
  });

  it("leave their users when they are deleted", async () => {
    const [roleId, userId] = [await role(), await user()];
    await test.api("POST", `/roles/${roleId}/users`, { users: [decodeURIComponent(userId)] });
    assert.equal((await test.api<User[]>("GET", `/roles/${roleId}/users`)).body.length, 1);
    await test.api("DELETE", `/roles/${roleId}`);
    assert.deepEqual((await test.api("GET", `/users/${userId}/roles`)).body, []);
  });

  it("are found by a part of their name", async () => {
    await test.api("POST", "/roles", { name: "Auditors of XYZ" });
    const { body } = await test.api<Role[]>("GET", "/roles?name_filter=auditors");
    assert.equal(body.length, 1);
  });
});
