import assert from "node:assert/strict";
import { signInEmployee } from "../../src/directory/sign-in-employee.ts";
import type { User } from "../support/answers.ts";
import { maker } from "../support/maker.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const DATABASE = "Username-Password-Authentication";

describe("Users", () => {
  const test = perSuite(() => startTestTenant());
  const make = maker<User>(test, "/users", (number) => ({
    connection: DATABASE,
    email: `User${number}@Example.com`,
    password: "Secret-123",
  }));
  const create = async (body: Record<string, unknown> = {}) => {
    const user = await make(body);
    return { ...user, path: `/users/${encodeURIComponent(user.user_id)}` };
  };

  it("of a database have production's shape, and never answer a password", async () => {
    const user = await create({ user_id: "abc", email: "User@Example.com" });
    assert.equal(user.user_id, "auth0|abc");
    assert.equal(user.email, "user@example.com");
    assert.equal(user.email_verified, false);
    assert.equal(user.name, user.email);
    assert.equal(user.nickname, "user");
    assert.match(user.picture, /^https:\/\/s\.gravatar\.com\//);
    assert.deepEqual(user.identities, [
      { connection: DATABASE, user_id: "abc", provider: "auth0", isSocial: false },
    ]);
    for (const text of [JSON.stringify(user), JSON.stringify((await test.api("GET", user.path)).body)]) {
      assert.equal(/Secret-123|scrypt|password/.test(text), false);
    }
  });

  it("merge metadata per key, lose a key by null, and all of them by an empty object", async () => {
    const { path } = await create({ user_metadata: { a: 1, b: { c: 1 } }, app_metadata: { x: 1 } });
    const changed = await test.api<User>("PATCH", path, {
      user_metadata: { a: null, b: { d: 2 } },
      app_metadata: { y: 2 },
    });
    assert.deepEqual(changed.body.user_metadata, { b: { d: 2 } });
    assert.deepEqual(changed.body.app_metadata, { x: 1, y: 2 });
    assert.deepEqual((await test.api<User>("PATCH", path, { user_metadata: {} })).body.user_metadata, {});
  });

  it("are unverified again when their address changes", async () => {
    const { path } = await create({ email_verified: true });
    const changed = await test.api<User>("PATCH", path, { email: "New@Example.com" });
    assert.equal(changed.body.email, "new@example.com");
    assert.equal((await test.api<User>("GET", path)).body.email_verified, false);
  });

  it("exist once for an address of a connection", async () => {
    const { email } = await create();
    const twin = await test.api("POST", "/users", { connection: DATABASE, email, password: "Secret-123" });
    assert.deepEqual(twin.body, {
      statusCode: 409,
      error: "Conflict",
      message: "The user already exists.",
      errorCode: "auth0_idp_error",
    });
    const other = await create();
    assert.equal((await test.api("PATCH", other.path, { email })).status, 400);
  });

  it("exist once also when they are created at the same time", async () => {
    const body = { connection: DATABASE, email: "race@example.com", password: "Secret-123" };
    const answers = await Promise.all([1, 2, 3].map(() => test.api("POST", "/users", body)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
  });

  it("take a new name, password and verified address one at a time, as production does", async () => {
    const { path } = await create();
    const password = "Secret-456";
    for (const body of [
      { username: "other", password },
      { username: "other", email_verified: true },
      { password, email_verified: true },
    ]) {
      const { status, body: refusal } = await test.api("PATCH", path, body);
      assert.deepEqual(
        [status, refusal.message],
        [400, `Cannot update ${Object.keys(body).join(" and ")} simultaneously`],
      );
    }
    assert.equal(
      (await test.api("PATCH", path, { email: "both@example.com", email_verified: true })).status,
      200,
    );
  });

  it("need a password that the connection's policy takes", async () => {
    const body = { connection: DATABASE, email: "weak@example.com" };
    assert.match(
      (await test.api("POST", "/users", body)).body.message,
      /Missing required property: password/,
    );
    const weak = await test.api("POST", "/users", { ...body, password: "secret" });
    assert.equal(weak.body.message, "PasswordStrengthError: Password is too weak");
  });

  it("need a password that is as long and as varied as the newer form of the options asks for", async () => {
    const complexity = {
      min_length: 12,
      character_types: ["number", "uppercase"],
      character_type_rule: "all",
    };
    const connection = "varied";
    const options = { password_options: { complexity } };
    await test.api("POST", "/connections", { name: connection, strategy: "auth0", options });
    const statusOf = async (password: string) =>
      (await test.api("POST", "/users", { connection, email: `${password}@example.com`, password })).status;
    assert.deepEqual(
      [
        await statusOf("Short-1"),
        await statusOf("no-digits-No"),
        await statusOf("long-enough-1"),
        await statusOf("Long-enough-1"),
      ],
      [400, 400, 400, 201],
    );
  });

  it("of a directory are made by signing in, and keep what the directory says", async () => {
    await test.api("POST", "/connections", { name: "azure", strategy: "waad", options: {} });
    const made = await test.api("POST", "/users", { connection: "azure", email: "a@example.com" });
    assert.equal(made.status, 400);
    const { tables } = test.tenant.context.store;
    const date = new Date().toISOString();
    tables.users.put({
      user_id: "waad|1",
      name: "A",
      identities: [{ connection: "azure", provider: "waad", user_id: "1", isSocial: false }],
      created_at: date,
      updated_at: date,
    });
    const refused = await test.api("PATCH", "/users/waad%7C1", { name: "B" });
    assert.match(
      refused.body.message,
      /^The following user attributes cannot be updated: name\. The connection \(azure\)/,
    );
    const allowed = await test.api<User>("PATCH", "/users/waad%7C1", {
      app_metadata: { plan: "x" },
      blocked: true,
    });
    assert.equal(allowed.body.blocked, true);
  });

  it("are found by their address, as it is kept", async () => {
    const { email, user_id } = await create();
    const found = await test.api("GET", `/users-by-email?email=${encodeURIComponent(email)}&fields=user_id`);
    assert.deepEqual(found.body, [{ user_id }]);
    assert.equal((await test.api("GET", "/users-by-email")).status, 400);
  });

  it("answer the fields that the Action's fallback asks for", async () => {
    const { path } = await create();
    assert.deepEqual((await test.api("GET", `${path}?fields=groups,group_ids&include_fields=true`)).body, {});
  });

  it("say 404 in production's words when they do not exist, and may be deleted anyway", async () => {
    assert.deepEqual((await test.api("GET", "/users/auth0%7Cnobody")).body, {
      statusCode: 404,
      error: "Not Found",
      message: "The user does not exist.",
      errorCode: "inexistent_user",
    });
    assert.equal((await test.api("DELETE", "/users/auth0%7Cnobody")).status, 204);
  });

  it("answer the directory's groups of an employee who has signed in", async () => {
    const { context } = test.tenant;
    const employee = context.directory.employees.find(
      (one) => one.groups.length > 1 && one.groups.length < 20,
    );
    assert.ok(employee);
    const connection = context.store.tables.connections.find((row) => row.name === "azure");
    assert.ok(connection);
    const { user_id } = signInEmployee(context, connection, employee, "127.0.0.1");
    const path = `/users/${encodeURIComponent(user_id)}/groups`;
    const { body } = await test.api<{ groups: { name: string }[] }>("GET", path);
    assert.deepEqual(body.groups.map((group) => group.name).sort(), [...employee.groups].sort());
  });
});
