import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { OWN_API, OWN_DOMAIN } from "../../src/store/own-address.ts";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const role = (id: string) => ({ id, name: id, description: null, permissions: [] });

const OLDER = JSON.stringify({
  version: 1,
  domain: "localhost:8443",
  deployer: { clientId: "deployer", clientSecret: "secret" },
  settings: { flags: { one: true }, friendly_name: "Café" },
  tables: { roles: [role("b"), role("a")] },
});

/** As a version wrote it whose rows had the tenant's address, with a log of what changed later. */
const SECOND = JSON.stringify({
  version: 2,
  id: "snapshot",
  domain: "localhost:8443",
  deployer: { clientId: "deployer", clientSecret: "secret" },
  settings: { flags: {}, default_audience: "https://localhost:8443/api/v2/" },
  tables: {
    resourceServers: [
      {
        id: "m",
        name: "Auth0 Management API",
        identifier: "https://localhost:8443/api/v2/",
        is_system: true,
      },
      { id: "o", name: "Orders", identifier: "https://localhost:8443/orders" },
    ],
    clientGrants: [{ id: "g", client_id: "c", audience: "https://localhost:8443/api/v2/", scope: [] }],
    actions: [
      { id: "x", name: "X", secrets: [{ name: "AUDIENCE", value: "https://localhost:8443/api/v2/" }] },
    ],
    logs: [
      {
        log_id: "1",
        hostname: "localhost:8443",
        description: "No https://localhost:8443/api/v2/ and no localhost:84431",
      },
    ],
  },
});
const PERMISSION = {
  resource_server_identifier: "https://localhost:8443/api/v2/",
  permission_name: "read:users",
};
const SECOND_LOG = logOf([
  { snapshot: "snapshot" },
  { roles: { put: [{ ...role("a"), permissions: [PERMISSION] }] } },
]);

/** The lines of a log: each checksum continues that of the line before. */
function logOf(records: readonly unknown[]): string {
  let checksum = 0;
  return records
    .map((record) => {
      const text = JSON.stringify(record);
      checksum = crc32(text, checksum);
      return `${checksum.toString(16).padStart(8, "0")} ${text}\n`;
    })
    .join("");
}

describe("a state of the format before", () => {
  it("is only read until something changes, then taken over once and kept aside", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      writeFileSync(file, OLDER);
      const store = new Store(file);
      store.save();
      store.close();
      assert.deepEqual(readdirSync(folder), ["tenant.json"]);
      assert.equal(readFileSync(file, "utf8"), OLDER);

      const changed = new Store(file);
      changed.tables.roles.put(role("c"));
      changed.save();
      const aside = `${file}.before-format-3`;
      assert.equal(readFileSync(aside, "utf8"), OLDER);
      const again = new Store(file);
      assert.deepEqual(
        [again.domain, again.deployer, again.settings, again.tables.roles.list().map(({ id }) => id)],
        [
          "localhost:8443",
          { clientId: "deployer", clientSecret: "secret" },
          { flags: { one: true }, friendly_name: "Café" },
          ["b", "a", "c"],
        ],
      );
      again.tables.roles.put(role("d"));
      again.save();
      again.close();
      assert.equal(readFileSync(aside, "utf8"), OLDER);
      assert.deepEqual(readdirSync(folder).sort(), ["tenant.json", "tenant.json.before-format-3"]);
    }));

  it("gives way to one that an older version refuses by its number, in the line that it has for that", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      writeFileSync(file, OLDER);
      const store = new Store(file);
      store.tables.roles.put(role("c"));
      store.save();
      store.tables.roles.put(role("d"));
      store.save();
      // The older versions parse the whole file, then compare the version with those that they know.
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: unknown };
      assert.equal(version, 3);
    }));

  it("keeps its tenant without the address in rows, and what is in its log: an earlier version finds both", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      writeFileSync(file, SECOND);
      writeFileSync(`${file}.log`, SECOND_LOG);
      const store = new Store(file);
      assert.deepEqual(readdirSync(folder).sort(), ["tenant.json", "tenant.json.log"]);
      store.tables.roles.put(role("b"));
      store.save();
      store.close();
      assert.deepEqual(readdirSync(folder).sort(), [
        "tenant.json",
        "tenant.json.before-format-3",
        "tenant.json.before-format-3.log",
      ]);
      assert.equal(readFileSync(`${file}.before-format-3`, "utf8"), SECOND);
      assert.equal(readFileSync(`${file}.before-format-3.log`, "utf8"), SECOND_LOG);

      const { tables, settings, domain } = new Store(file);
      assert.equal(domain, "localhost:8443");
      assert.equal(settings["default_audience"], OWN_API);
      assert.deepEqual(
        tables.resourceServers.list().map(({ identifier }) => identifier),
        [OWN_API, "https://localhost:8443/orders"],
      );
      assert.equal(tables.clientGrants.get("g")?.audience, OWN_API);
      assert.equal(tables.roles.get("a")?.permissions[0]?.resource_server_identifier, OWN_API);
      assert.equal(tables.logs.get("1")?.["hostname"], OWN_DOMAIN);
      assert.equal(tables.logs.get("1")?.["description"], `No ${OWN_API} and no localhost:84431`);
      assert.deepEqual(
        tables.actions.get("x")?.secrets.map(({ value }) => value),
        ["https://localhost:8443/api/v2/"],
      );
      assert.deepEqual(
        tables.roles.list().map(({ id }) => id),
        ["a", "b"],
      );
    }));
});
