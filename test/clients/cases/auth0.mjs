import assert from "node:assert/strict";
import { ManagementClient, ManagementError } from "auth0";
import { Browser } from "../support/browser.mjs";
import { job, until } from "../support/case.mjs";
import { EMPLOYEE, WITHOUT_GROUPS, deployer, domain, issuer, seed } from "../support/tenant.mjs";

const CALLBACK = "https://app.xyz.example/callback";

/** All items of a list, read as the SDK reads them. */
async function all(page) {
  const items = [];
  for await (const item of page) items.push(item);
  return items;
}

/** Makes `count` things one after the other. */
async function make(count, create) {
  for (let index = 0; index < count; index += 1) await create(String(index).padStart(2, "0"));
}

await job(async (step) => {
  const auth0 = new ManagementClient({ domain, ...deployer });

  step("clients: create, page, read, update, rotate, delete");
  await make(55, (index) => auth0.clients.create({ name: `client ${index}`, app_type: "spa" }));
  const listed = await all(await auth0.clients.list({ app_type: "spa" }));
  assert.equal(new Set(listed.map((client) => client.client_id)).size, 55);
  const three = await all(
    await auth0.clients.list({ app_type: "spa", per_page: 25, fields: "client_id,name" }),
  );
  assert.deepEqual(Object.keys(three[0]).sort(), ["client_id", "name"]);
  assert.equal(three.length, 55);
  const [{ client_id: id }] = listed;
  await auth0.clients.update(id, { client_metadata: { groups: "all" }, callbacks: ["https://a.example/cb"] });
  const changed = await auth0.clients.get(id);
  assert.deepEqual(changed.client_metadata, { groups: "all" });
  const rotated = await auth0.clients.rotateSecret(id);
  assert.notEqual(rotated.client_secret, changed.client_secret);
  await auth0.clients.delete(id);
  await assert.rejects(
    auth0.clients.get(id),
    (error) => error instanceof ManagementError && error.statusCode === 404,
  );
  await assert.rejects(auth0.clients.create({ name: "x", app_type: "toaster" }), { statusCode: 400 });

  step("connections and grants: by checkpoint");
  await make(12, (index) => auth0.connections.create({ name: `ad-${index}`, strategy: "waad", options: {} }));
  const connections = await all(await auth0.connections.list({ take: 5, strategy: ["waad"] }));
  assert.equal(connections.length, 12);
  const [{ client_id: enabled }, { client_id: other }] = listed.slice(1);
  const [{ id: connection }] = connections;
  await auth0.connections.clients.update(connection, [
    { client_id: enabled, status: true },
    { client_id: other, status: true },
  ]);
  const clients = await all(await auth0.connections.clients.get(connection, { take: 1 }));
  assert.deepEqual(clients.map((client) => client.client_id).sort(), [enabled, other].sort());
  await auth0.connections.update(connection, { options: { tenant_domain: "xyz.example" } });
  await make(7, (index) =>
    auth0.resourceServers.create({
      identifier: `https://api${index}.example`,
      scopes: [{ value: "read:all" }],
    }),
  );
  await make(7, (index) =>
    auth0.clientGrants.create({
      client_id: enabled,
      audience: `https://api${index}.example`,
      scope: ["read:all"],
    }),
  );
  const grants = await all(await auth0.clientGrants.list({ client_id: enabled, take: 3 }));
  assert.equal(grants.length, 7);
  await auth0.clientGrants.update(grants[0].id, { scope: [] });
  for (const { id: grant } of grants) await auth0.clientGrants.delete(grant);
  assert.equal((await all(await auth0.resourceServers.list({ per_page: 3 }))).length, 8);

  step("roles");
  await make(5, (index) => auth0.roles.create({ name: `role ${index}` }));
  const roles = await all(await auth0.roles.list({ per_page: 2 }));
  assert.equal(roles.length, 5);
  await auth0.roles.permissions.add(roles[0].id, {
    permissions: [{ resource_server_identifier: "https://api00.example", permission_name: "read:all" }],
  });
  assert.equal((await all(await auth0.roles.permissions.list(roles[0].id))).length, 1);

  step("users: create, search, page, roles, by email");
  const database = "Username-Password-Authentication";
  await make(6, (index) =>
    auth0.users.create({
      connection: database,
      email: `u${index}@xyz.example`,
      password: `Correct-horse-${index}!`,
    }),
  );
  assert.equal((await all(await auth0.users.list({ per_page: 4 }))).length, 6);
  const [found] = await all(await auth0.users.list({ q: 'email:"u03@xyz.example"', search_engine: "v3" }));
  await auth0.users.update(found.user_id, { user_metadata: { floor: 3 } });
  await auth0.users.roles.assign(found.user_id, { roles: [roles[0].id] });
  assert.equal((await all(await auth0.users.roles.list(found.user_id))).length, 1);
  const [byEmail] = await auth0.users.listUsersByEmail({ email: "u03@xyz.example" });
  assert.deepEqual(byEmail.user_metadata, { floor: 3 });

  step("Actions: create, deploy, versions, bind, delete");
  const made = await auth0.actions.create({
    name: "hello",
    supported_triggers: [{ id: "post-login", version: "v3" }],
    code: "exports.onExecutePostLogin = async () => {};",
    secrets: [{ name: "KEY", value: "s3cret" }],
  });
  await until(async () => (await auth0.actions.get(made.id)).status === "built", "The build");
  await auth0.actions.deploy(made.id);
  await auth0.actions.update(made.id, { code: "exports.onExecutePostLogin = async (event, api) => {};" });
  await until(async () => (await auth0.actions.get(made.id)).status === "built", "The second build");
  await auth0.actions.deploy(made.id);
  assert.equal((await all(await auth0.actions.versions.list(made.id))).length, 2);
  await auth0.actions.triggers.bindings.updateMany("post-login", {
    bindings: [{ ref: { type: "action_id", value: made.id }, display_name: "hello" }],
  });
  assert.equal((await all(await auth0.actions.triggers.bindings.list("post-login"))).length, 1);
  await assert.rejects(auth0.actions.delete(made.id), { statusCode: 409 });
  await auth0.actions.delete(made.id, { force: true });

  step("logs and settings, after a sign-in");
  const { client: app } = await seed({ callbacks: [CALLBACK] });
  const query = { client_id: app.client_id, redirect_uri: CALLBACK, response_type: "code", scope: "openid" };
  await new Browser().signIn(`${issuer}authorize?${new URLSearchParams(query)}`, EMPLOYEE, {
    stopAt: CALLBACK,
  });
  const logs = await all(await auth0.logs.list({ per_page: 50 }));
  assert.ok(logs.some((log) => log.type === "s"));
  await auth0.tenants.settings.update({ friendly_name: "XYZ" });
  assert.equal((await auth0.tenants.settings.get()).friendly_name, "XYZ");
  assert.ok((await auth0.keys.signing.list()).length > 0);
  const [employee] = await auth0.users.listUsersByEmail({ email: EMPLOYEE });
  assert.match(employee.user_id, /^waad\|/);
  assert.deepEqual(await auth0.users.listUsersByEmail({ email: WITHOUT_GROUPS }), []);

  step("what is not built says so");
  await assert.rejects(auth0.organizations.create({ name: "acme" }), { statusCode: 501 });
});
