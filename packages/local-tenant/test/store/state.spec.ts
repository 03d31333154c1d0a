import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/lib/errors.ts";
import { STATE_VERSION } from "../../src/store/snapshot.ts";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const role = (id: string) => ({ id, name: `Role ${id}`, description: null, permissions: [] });

/** A row that any table takes, since it has the key of each. */
const keyed = (name: string) =>
  Object.fromEntries(
    ["id", "client_id", "user_id", "kid", "log_id", "path"].map((key) => [key, `${name} 1`]),
  );

describe("Store", () => {
  it("gives back after a restart what was saved, in the same order", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      store.domain = "localhost:8443";
      store.settings = { flags: { enable_client_connections: true } };
      for (const id of ["c", "a", "b"]) store.tables.roles.put(role(id));
      store.save();

      const again = new Store(file);
      assert.equal(again.existed, true);
      assert.equal(again.domain, "localhost:8443");
      assert.equal(again.settings.flags["enable_client_connections"], true);
      assert.deepEqual(
        again.tables.roles.list().map(({ id }) => id),
        ["c", "a", "b"],
      );
    }));

  it("writes a file that only its owner can read, and leaves no other behind", () =>
    withTemporaryFolder((folder) => {
      const store = new Store(join(folder, "tenant.json"));
      store.tables.roles.put(role("a"));
      store.save();
      assert.equal(statSync(join(folder, "tenant.json")).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(folder), ["tenant.json"]);
    }));

  it("writes nothing while nothing has changed", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      store.save();
      assert.equal(existsSync(file), false);
    }));

  it("refuses a row or a setting that is edited in place, which nobody would see", () => {
    const store = new Store();
    store.settings = { flags: { one: true } };
    const row = store.tables.roles.put(role("a"));
    assert.throws(() => (row.name = "Renamed"), TypeError);
    assert.throws(
      () => row.permissions.push({ resource_server_identifier: "a", permission_name: "b" }),
      TypeError,
    );
    assert.throws(() => (store.settings.flags["one"] = false), TypeError);
  });

  it("gives back rows that went, came again and took another order", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      for (const id of ["a", "b", "c", "d"]) store.tables.roles.put(role(id));
      store.save();
      store.tables.roles.delete("a");
      store.tables.roles.put(role("e"));
      store.tables.roles.put(role("a"));
      store.tables.roles.delete("b");
      store.save();
      const ids = (one: Store) => one.tables.roles.list().map(({ id }) => id);
      assert.deepEqual(ids(store), ["c", "d", "e", "a"]);
      assert.deepEqual(ids(new Store(file)), ids(store));
      store.tables.roles.replaceAll(["d", "x", "a"].map(role));
      store.save();
      assert.deepEqual(ids(new Store(file)), ["d", "x", "a"]);
      store.close();
      assert.deepEqual(readdirSync(folder), ["tenant.json"]);
      assert.deepEqual(ids(new Store(file)), ["d", "x", "a"]);
    }));

  for (const missing of Object.keys(new Store().tables)) {
    it(`reads a state of a version that had no table ${missing}, and all else that is in it`, () =>
      withTemporaryFolder((folder) => {
        const file = join(folder, "tenant.json");
        const rowsOf = (name: string) => (name === missing ? undefined : [keyed(name)]);
        const names = Object.keys(new Store().tables);
        const older = {
          version: STATE_VERSION,
          id: "snapshot",
          domain: "localhost:8443",
          deployer: { clientId: "deployer", clientSecret: "secret" },
          settings: { flags: {} },
          tables: Object.fromEntries(names.map((name) => [name, rowsOf(name)])),
        };
        writeFileSync(file, JSON.stringify(older));

        const { tables, domain, deployer } = new Store(file);
        const kept = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.list()]));
        assert.deepEqual(kept, { ...older.tables, [missing]: [] });
        assert.deepEqual([domain, deployer], [older.domain, older.deployer]);
      }));
  }

  for (const [what, text, reason] of [
    ["is cut off", '{"version":1,"tab', /is not JSON/],
    ["is a list", "[]", /has format undefined/],
    ["is null", "null", /is not a JSON object/],
    [
      "comes from a later version",
      JSON.stringify({ version: STATE_VERSION + 1 }),
      /has format 4, and this version reads formats 1, 2 and 3/,
    ],
    ["lacks the tables", JSON.stringify({ version: STATE_VERSION }), /has no tables/],
    ["lacks the tenant", JSON.stringify({ version: STATE_VERSION, tables: {} }), /lacks the tenant's domain/],
    [
      "has a table of another type",
      JSON.stringify({ version: STATE_VERSION, tables: { clients: [], roles: null } }),
      /has a table roles that is not a list/,
    ],
  ] as const) {
    it(`refuses a state file that ${what}, names the way out and keeps the file`, () =>
      withTemporaryFolder((folder) => {
        const file = join(folder, "tenant.json");
        writeFileSync(file, text);
        assert.throws(
          () => new Store(file),
          (error) =>
            error instanceof UserError && reason.test(error.message) && error.message.includes("--reset"),
        );
        assert.equal(readFileSync(file, "utf8"), text);
      }));
  }
});
