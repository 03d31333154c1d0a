import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { UserError } from "../../src/lib/errors.ts";
import { STATE_VERSION, Store } from "../../src/store/state.ts";
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

  it("saves a row that was edited in place once it is told", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      const row = store.tables.roles.put(role("a"));
      store.save();
      row.name = "Renamed";
      store.touch();
      store.save();
      assert.equal(new Store(file).tables.roles.get("a")?.name, "Renamed");
    }));

  for (const missing of Object.keys(new Store().tables)) {
    it(`reads a state of a version that had no table ${missing}, and all else that is in it`, () =>
      withTemporaryFolder((folder) => {
        const file = join(folder, "tenant.json");
        const rowsOf = (name: string) => (name === missing ? undefined : [keyed(name)]);
        const names = Object.keys(new Store().tables);
        const older = {
          version: STATE_VERSION,
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
    ["comes from a later version", JSON.stringify({ version: STATE_VERSION + 1 }), /has format 2/],
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

  it("survives 200 kills in the middle of its writes: nothing half-written, nothing acknowledged lost", () =>
    withTemporaryFolder(async (folder) => {
      const writer = buildWriter(folder);
      // Starting a process is mostly waiting, so four files are written and killed side by side.
      const lanes = [1, 2, 3, 4].map(async (lane) => {
        const file = join(folder, `tenant-${lane}.json`);
        let counter = 0;
        for (let kill = 0; kill < 50; kill += 1) {
          const acknowledged = await writeUntilKilled(writer, file, counter, kill % 7);
          counter = Number(new Store(file).tables.roles.get("counter")?.name);
          assert.ok(counter >= acknowledged, `${counter} is left of ${acknowledged} acknowledged`);
        }
      });
      await Promise.all(lanes);
    })).timeout(120_000);
});

/** A plain script that counts in the state file, and says each number once it is saved. */
function buildWriter(folder: string): string {
  const writer = join(folder, "writer.mjs");
  buildSync({
    stdin: {
      resolveDir: join(import.meta.dirname, "../../src/store"),
      contents: `
        import { Store } from "./state.ts";
        const store = new Store(process.argv[2]);
        const filling = "x".repeat(200_000);
        for (let i = Number(process.argv[3]) + 1; ; i += 1) {
          store.tables.roles.put({ id: "filling", name: filling, description: null, permissions: [] });
          store.tables.roles.put({ id: "counter", name: String(i), description: null, permissions: [] });
          store.save();
          process.stdout.write(i + "\\n");
          await new Promise(setImmediate);
        }`,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: writer,
  });
  return writer;
}

/** Starts the writer, kills it some way behind its first number, and answers the last number it said. */
async function writeUntilKilled(writer: string, file: string, from: number, more: number): Promise<number> {
  const child = spawn(process.execPath, [writer, file, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let last = from;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last - from > more) child.kill("SIGKILL");
  }
  await ended;
  return last;
}
