import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/lib/errors.ts";
import { loadDirectory, SAMPLE_DIRECTORY } from "../../src/directory/directory.ts";
import { OWN_API } from "../../src/store/own-address.ts";
import { Store } from "../../src/store/state.ts";
import { startTenant } from "../../src/tenant.ts";
import { LEFT_OUT_TABLES, RESOURCE_KINDS } from "../../src/cli/configuration.ts";
import { exportConfiguration } from "../../src/cli/export.ts";
import { importConfiguration } from "../../src/cli/import.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { stateFolder } from "../../src/cli/state-folder.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { freePort } from "../support/free-port.ts";

const AT = "2026-01-01T00:00:00.000Z";
const CLIENT_SECRET = "client-secret-in-clear";
const ACTION_SECRET = "action-secret-in-clear";
const MAIL_SECRET = "mail-secret-in-clear";
const DIRECTORY_SECRET = "directory-secret-in-clear";

/** A tenant with one of each resource, made while nobody runs it. */
async function makeTenant(state: string): Promise<void> {
  stateFolder(state).open();
  const directory = loadDirectory(SAMPLE_DIRECTORY);
  await (await startTenant({ directory, stateFile: join(state, "tenant.json") })).close();
  const store = new Store(join(state, "tenant.json"));
  const { tables, domain } = store;
  const stamps = { created_at: AT, updated_at: AT };
  store.settings = { ...store.settings, friendly_name: "Café" };
  tables.clients.put({
    client_id: "zulu",
    name: "Admin Portal",
    client_secret: CLIENT_SECRET,
    callbacks: [],
  });
  tables.clients.put({ client_id: "alpha", name: "admin/portal", client_secret: "another" });
  tables.clientGrants.put({
    id: "cgr_1",
    client_id: "zulu",
    audience: OWN_API,
    scope: ["read:users"],
  });
  tables.connections.put({
    id: "con_1",
    name: "azure-ad",
    strategy: "waad",
    options: { client_secret: DIRECTORY_SECRET, ext_groups: true },
    enabled_clients: ["zulu", store.deployer.clientId],
  });
  const code = "exports.onExecutePostLogin = async () => {};";
  const shared = { code, dependencies: [], runtime: "node22", supported_triggers: [], ...stamps };
  const secrets = [
    { name: "TENANT", value: domain, updated_at: AT },
    { name: "KEY", value: ACTION_SECRET, updated_at: AT },
  ];
  tables.actions.put({
    id: "act",
    name: "Groups",
    status: "built",
    secrets,
    deployed_version_id: "v2",
    ...shared,
  });
  tables.actionVersions.put({ id: "v1", action_id: "act", number: 1, secrets: [], ...shared });
  tables.actionVersions.put({ id: "v2", action_id: "act", number: 2, secrets, ...shared });
  tables.bindings.put({
    id: "b",
    trigger_id: "post-login",
    action_id: "act",
    display_name: "Groups",
    ...stamps,
  });
  tables.documents.put({
    path: "/emails/provider",
    value: { credentials: { smtp_pass: MAIL_SECRET }, enabled: true },
  });
  tables.users.put({ user_id: "waad|1", identities: [], ...stamps });
  store.close();
}

/** All that the state of a stopped tenant holds, without the order of what every tenant has by itself. */
function contents(state: string): Record<string, unknown> {
  const whole = JSON.parse(readFileSync(join(state, "tenant.json"), "utf8")) as Record<string, unknown>;
  delete whole["id"];
  return whole;
}

/** Runs one of the two commands in this process. */
async function succeed(...args: string[]): Promise<string> {
  let said = "";
  const options = parseOptions(args);
  const command = options.command === "export" ? exportConfiguration : importConfiguration;
  await command(options, (text) => (said += text));
  return said;
}

function files(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

describe("tenant export and import", function () {
  this.timeout(60_000);

  it("know each table of the state", () => {
    const known = [...RESOURCE_KINDS.map(({ table }) => table), ...LEFT_OUT_TABLES];
    assert.deepEqual(Object.keys(new Store().tables).sort(), [...known].sort());
  });

  it("restore a tenant's configuration, secrets and order, and do not touch the rest of it", async () => {
    await withTemporaryFolder(async (folder) => {
      const [state, out] = [join(folder, "state"), join(folder, "out")];
      await makeTenant(state);
      await succeed("export", out, "--with-secrets", "--state", state);
      assert.equal(statSync(join(out, "secrets.json")).mode & 0o777, 0o600);
      const before = contents(state);

      const store = new Store(join(state, "tenant.json"));
      store.tables.clients.delete("zulu");
      store.tables.actions.replaceAll([]);
      store.tables.bindings.replaceAll([]);
      store.tables.documents.replaceAll([]);
      store.tables.roles.put({ id: "rol_1", name: "late", description: null, permissions: [] });
      store.settings = { ...store.settings, friendly_name: "changed" };
      store.save();
      await succeed("import", out, "--state", state);
      // The deployer is no part of what is exported, and neither is what it may use.
      const deployer = (before["deployer"] as { clientId: string }).clientId;
      const restored = JSON.parse(
        JSON.stringify(before).replace(`["zulu","${deployer}"]`, '["zulu"]'),
      ) as unknown;
      assert.deepEqual(contents(state), restored);
    });
  });

  it("leave secrets out by default, and find them again in the tenant that has them", async () => {
    await withTemporaryFolder(async (folder) => {
      const [state, out] = [join(folder, "state"), join(folder, "out")];
      await makeTenant(state);
      await succeed("export", out, "--with-secrets", "--state", state);
      assert.match(await succeed("export", out, "--state", state), /secrets were left out/);
      assert.equal(existsSync(join(out, "secrets.json")), false, "an older export's secrets stayed");
      const text = files(out);
      for (const secret of [CLIENT_SECRET, ACTION_SECRET, DIRECTORY_SECRET, MAIL_SECRET]) {
        assert.ok(!text.includes(secret), `${secret} is in the export`);
      }
      assert.deepEqual(readdirSync(join(out, "clients")).sort(), [
        "Admin-Portal.json",
        "admin-portal-alpha.json",
      ]);
      await succeed("import", out, "--state", state);
      const { tables } = new Store(join(state, "tenant.json"));
      assert.equal(tables.clients.get("zulu")?.client_secret, CLIENT_SECRET);
      assert.equal(tables.connections.get("con_1")?.options["client_secret"], DIRECTORY_SECRET);
    });
  });

  it("make another tenant alike, at its own address, and name the secrets that are not known", async () => {
    await withTemporaryFolder(async (folder) => {
      const [state, out, other] = [join(folder, "state"), join(folder, "out"), join(folder, "other")];
      await makeTenant(state);
      await succeed("export", out, "--state", state);
      const port = await freePort();
      const said = await succeed("import", out, "--state", other, "--port", String(port));
      assert.match(said, /New secrets were made for: .*clients\/zulu\/client_secret/);
      assert.match(
        said,
        /Set these secrets again.*connections\/con_1\/options\/client_secret.*actions\/act\/secrets\/KEY/,
      );
      const { tables, deployer, domain } = new Store(join(other, "tenant.json"));
      assert.equal(domain, `localhost:${port}`);
      assert.equal(tables.clientGrants.get("cgr_1")?.audience, OWN_API);
      assert.equal(tables.clients.get("zulu")?.client_secret?.length, 64);
      assert.notEqual(tables.clients.get(deployer.clientId), undefined);
      assert.equal(tables.users.size, 0);
    });
  });

  it("change nothing when a file of the export is wrong or the folder is something else", async () => {
    await withTemporaryFolder(async (folder) => {
      const [state, out] = [join(folder, "state"), join(folder, "out")];
      await makeTenant(state);
      await succeed("export", out, "--state", state);
      const before = readFileSync(join(state, "tenant.json"), "utf8");
      const file = join(out, "bindings", "Groups.json");
      const binding = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
      const cases: [string, RegExp][] = [
        [
          JSON.stringify({ ...binding, action_id: "gone" }),
          /names "gone" at "action_id", which is in no other file/,
        ],
        [JSON.stringify({ ...binding, trigger_id: 5 }), /has no text at "trigger_id"/],
        ['{"half', /cannot be read: it is not JSON/],
      ];
      for (const [text, message] of cases) {
        writeFileSync(file, text);
        await assert.rejects(succeed("import", out, "--state", state), (error: Error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, message);
          assert.match(error.message, /Groups\.json .* Nothing was changed\.$/);
          return true;
        });
      }
      assert.equal(readFileSync(join(state, "tenant.json"), "utf8"), before);
      const elsewhere = succeed("export", folder, "--state", state);
      await assert.rejects(elsewhere, /has files but is not an export; nothing was written/);
    });
  });
});
