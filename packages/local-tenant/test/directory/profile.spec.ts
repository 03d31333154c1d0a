import assert from "node:assert/strict";
import { directoryIdentity } from "../../src/directory/profile.ts";
import { findEmployee } from "../../src/directory/directory.ts";
import { signInEmployee } from "../../src/directory/sign-in-employee.ts";
import { addApplication } from "../support/application.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("the profile that a directory sign-in writes", () => {
  const test = perSuite(() => startTestTenant());

  const signIn = (
    options: Record<string, unknown>,
    email = "ada.lindqvist@xyz.example",
    connection = fresh(options),
  ) => {
    const { context } = test.tenant;
    const employee = findEmployee(context.directory, email);
    assert.ok(employee);
    const user = signInEmployee(context, { ...connection, options }, employee, "127.0.0.1");
    return { user, employee, connection };
  };
  const fresh = (options: Record<string, unknown>) => {
    const { connection } = addApplication(test);
    return { ...connection, options };
  };

  it("is the basic one unless the connection asks for more", () => {
    const { user, employee, connection } = signIn({});
    const id = `${connection.name}|${employee.id}`;
    assert.equal(user.user_id, `waad|${id}`);
    assert.deepEqual(user.identities, [
      { provider: "waad", user_id: id, connection: connection.name, isSocial: false },
    ]);
    assert.equal(user["upn"], employee.email);
    assert.equal(user["oid"], employee.id);
    for (const name of ["groups", "group_ids", "department", "job_title"])
      assert.equal(name in user, false, name);
  });

  it("has job and department with ext_profile", () => {
    const { user, employee } = signIn({ ext_profile: true });
    assert.deepEqual([user["job_title"], user["department"]], [employee.jobTitle, employee.department]);
  });

  it("has names and ids of the direct groups with ext_groups, and of those above with ext_nested_groups", () => {
    const direct = signIn({ ext_groups: true });
    assert.deepEqual(direct.user["groups"], direct.employee.groups);
    const ids = direct.user["group_ids"] as string[];
    assert.equal(ids.length, direct.employee.groups.length);
    assert.match(ids[0] ?? "", /^[0-9a-f-]{36}$/);
    const nested = signIn({ ext_groups: true, ext_nested_groups: true });
    assert.ok((nested.user["groups"] as string[]).includes("XYZ Staff"));
    assert.equal("groups" in signIn({ ext_nested_groups: true }).user, false);
    assert.equal("group_ids" in signIn({ ext_groups: true, ext_group_ids: false }).user, false);
  });

  it("has the very lists of groups again at the next sign-in, so that thousands of groups are kept once", () => {
    const first = signIn({ ext_groups: true });
    const second = signIn({ ext_groups: true }, first.employee.email, first.connection);
    assert.notEqual(first.user, second.user);
    for (const name of ["groups", "group_ids"]) assert.equal(first.user[name], second.user[name]);
  });

  it("stops at max_groups_to_retrieve, a string, and takes all 300 without it", () => {
    const paula = "paula.grande@xyz.example";
    for (const [limit, count] of [
      ["5", 5],
      ["", 300],
      [undefined, 300],
    ] as const) {
      const { user } = signIn({ ext_groups: true, max_groups_to_retrieve: limit }, paula);
      assert.equal((user["groups"] as string[]).length, count);
    }
  });

  it("has an empty list for an employee without groups", () => {
    assert.deepEqual(signIn({ ext_groups: true }, "niko.virtanen@xyz.example").user["groups"], []);
  });

  it("loses what the directory no longer gives, and keeps what others wrote", () => {
    const { connection, user } = signIn({ ext_groups: true, ext_profile: true });
    test.tenant.context.store.tables.users.put({ ...user, app_metadata: { plan: "gold" }, nickname: "x" });
    const again = signIn({}, undefined, connection).user;
    assert.equal("groups" in again, false);
    assert.equal("department" in again, false);
    assert.equal(again.nickname, "ada.lindqvist");
    assert.deepEqual(again.app_metadata, { plan: "gold" });
    assert.deepEqual([again["logins_count"], again.created_at], [2, user.created_at]);
  });

  it("is written only at the first sign-in, or never, where the connection says so", () => {
    for (const [when, first] of [
      ["on_first_login", true],
      ["never_on_login", false],
    ] as const) {
      const connection = fresh({});
      const options = { ext_groups: true, set_user_root_attributes: when };
      assert.equal("groups" in signIn(options, undefined, connection).user, first);
      const { user } = signIn({ ...options, ext_profile: true }, undefined, connection);
      assert.equal("groups" in user, first);
      assert.equal("department" in user, false);
      assert.equal(user["logins_count"], 2);
    }
  });

  it("verifies emails only where the connection trusts them", () => {
    const option = "should_trust_email_verified_connection";
    assert.equal(signIn({ [option]: "always_set_emails_as_verified" }).user.email_verified, true);
    assert.equal(signIn({ [option]: "never_set_emails_as_verified" }).user.email_verified, false);
  });

  it("with userid_attribute sub has an id of its own for each Entra application", () => {
    const { employee, connection } = signIn({});
    const id = (client_id: string) =>
      directoryIdentity(employee, { ...connection, options: { userid_attribute: "sub", client_id } });
    assert.equal(id("one"), id("one"));
    assert.notEqual(id("one"), id("two"));
    assert.equal(id("one").includes(employee.id), false);
  });
});
