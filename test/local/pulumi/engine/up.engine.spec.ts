import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";

const RESOURCES = [
  "admin-portal-client",
  "admin-portal-credentials",
  "azure-ad-clients",
  "azure-ad-connection",
  "groups-reader-client",
  "groups-reader-credentials",
  "groups-reader-grant",
  "login-flow-action",
  "login-flow-binding",
  "login-flow-bindings",
];
const application = {
  name: "admin-portal",
  displayName: "XYZ Admin Portal",
  callbacks: ["http://localhost:8000/oidc/callback/"],
  logoutUrls: ["http://localhost:8000/"],
};
const wiki = { name: "wiki", callbacks: ["https://wiki.xyz.example/callback"], logoutUrls: [] };

describe("up by the real engine", function () {
  this.timeout(180_000);
  const test = perTest(startTestEngine);

  it("previews without a single request, creates everything, and then has nothing to change", async () => {
    assert.deepEqual(
      (await test.preview()).changed,
      RESOURCES.map((name) => `create ${name}`),
    );
    assert.deepEqual(test.tenant.context.log.list(), []);
    assert.deepEqual(
      (await test.up()).changed,
      RESOURCES.map((name) => `create ${name}`),
    );
    const sent = test.tenant.context.log.list().length;
    const second = await test.up();
    assert.deepEqual(second.changed, []);
    assert.deepEqual(Object.keys(second.counts), ["same"]);
    assert.equal(test.tenant.context.log.list().length, sent, "an up without a change sends nothing");
  });

  it("keeps every secret out of what it prints and, in clear, out of all that it keeps", async () => {
    const { printed } = await test.up();
    const { clients } = test.tenant.context.store.tables;
    const made = clients
      .list(({ name, global }) => name !== "Deployer" && global !== true)
      .map((client) => client.client_secret ?? "");
    const connection = test.tenant.context.store.tables.connections.find(
      ({ strategy }) => strategy === "waad",
    );
    const secrets = [...made, String(connection?.options["client_secret"])];
    assert.ok(secrets.length >= 3 && secrets.every((secret) => secret.length > 20), "a secret is missing");
    const kept = filesOf(join(test.folder, "pulumi")).map((file) => readFileSync(file, "utf8"));
    for (const text of [printed, ...kept]) for (const secret of secrets) assert.ok(!text.includes(secret));
    const exported = JSON.stringify(await test.engine.stack.exportStack());
    assert.ok(
      secrets.every((secret) => exported.includes(secret)),
      "the state cannot be decrypted",
    );
  });

  it("updates the Action alone when the Action changes, and deploys a new version of it", async () => {
    await test.up();
    const { actionVersions } = test.tenant.context.store.tables;
    test.configure({ managementApiTimeoutMs: 2500 });
    assert.deepEqual((await test.up()).changed, ["update login-flow-action"]);
    assert.deepEqual(
      actionVersions.list().map(({ number }) => number),
      [1, 2],
    );
    const [action] = test.tenant.context.store.tables.actions.list();
    assert.equal(action?.deployed_version_id, actionVersions.list()[1]?.id);
  });

  it("updates one Client when the group policy of one application changes", async () => {
    test.configure({ applications: [application, wiki] });
    await test.up();
    test.configure({ applications: [application, { ...wiki, groupPolicy: { include: ["SG-*"] } }] });
    assert.deepEqual((await test.up()).changed, ["update wiki-client"]);
  });

  it("adds an application and enables it on the connection in place", async () => {
    await test.up();
    test.configure({ applications: [application, wiki] });
    const { changed } = await test.up();
    assert.deepEqual(
      changed.filter((change) => !change.endsWith(" admin-portal-client")),
      ["create wiki-client", "create wiki-credentials", "update azure-ad-clients"],
    );
    const { connections, clients } = test.tenant.context.store.tables;
    const enabled = connections.find(({ strategy }) => strategy === "waad")?.enabled_clients ?? [];
    const names = enabled.map((id) => clients.get(id)?.name);
    assert.deepEqual(names.toSorted(), [
      "XYZ Admin Portal",
      clients.find(({ name }) => /wiki/i.test(name))?.name,
    ]);
  });

  it("passes at the first go on a tenant that enables each new client on each connection", async () => {
    await test.api("PATCH", "/tenants/settings", { flags: { enable_client_connections: true } });
    test.writes();
    await test.up();
    const order = test.writes().map((write) => write.replace(/\/(con|cgr)_\w+|\/[\w-]{32,36}/g, "/ID"));
    const lastClient = order.lastIndexOf("POST /clients 201");
    assert.ok(lastClient !== -1 && lastClient < order.indexOf("POST /connections 201"), order.join("\n"));
    assert.deepEqual((await test.up()).changed, []);
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
