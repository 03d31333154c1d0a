import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { withTemporaryFolder } from "../support/temporary.ts";

const run = promisify(execFile);

/**
 * A file system of one megabyte, in a name space of its own. Not every system lets a user make one (macOS,
 * Windows, some containers): the other specs fill a disk by hand.
 */
const inSmallFileSystem = (folder: string, command: string) =>
  run("unshare", ["-Urm", "sh", "-ec", `mount -t tmpfs -o size=1m none "$1"; ${command}`, "sh", folder]);

/** Fills the disk with changes of 50 kB, deletes a file that takes room, and changes once more. */
const SCRIPT = `
  import { rmSync, writeFileSync } from "node:fs";
  import { Store } from "./state.ts";
  const [folder] = process.argv.slice(2);
  const file = folder + "/tenant.json";
  writeFileSync(folder + "/other", "x".repeat(200_000));
  const store = new Store(file);
  const put = (id) => {
    store.tables.roles.put({ id, name: "x".repeat(50_000), description: null, permissions: [] });
    store.save();
  };
  const list = (one) => one.tables.roles.list().map(({ id }) => id).join();
  let stored = 0, refused;
  try { for (;; stored += 1) put(String(stored)); } catch (error) { refused = error; }
  const full = { held: list(store), kept: list(new Store(file)) };
  rmSync(folder + "/other");
  put("after");
  const after = { held: list(store), kept: list(new Store(file)) };
  console.log(JSON.stringify({ stored, refused: { name: refused.name, status: refused.statusCode }, full, after }));
`;

describe("a state on a file system that is really full", () => {
  it("keeps what was stored, refuses the rest, and takes changes again when there is room", async function () {
    this.timeout(60_000);
    await withTemporaryFolder(async (folder) => {
      try {
        await inSmallFileSystem(folder, "true");
      } catch {
        this.skip();
      }
      await withTemporaryFolder(async (scripts) => {
        const outfile = join(scripts, "fill.mjs");
        const resolveDir = join(import.meta.dirname, "../../src/store");
        buildSync({
          stdin: { resolveDir, contents: SCRIPT },
          bundle: true,
          platform: "node",
          format: "esm",
          outfile,
        });
        const { stdout } = await inSmallFileSystem(folder, `"${process.execPath}" "${outfile}" "$1"`);
        const { stored, refused, full, after } = JSON.parse(stdout) as Outcome;
        assert.ok(stored > 5 && stored < 20, `${stored} changes of 50 kB`);
        assert.deepEqual(refused, { name: "StoreError", status: 503 });
        const ids = Array.from({ length: stored }, (_, id) => String(id));
        assert.deepEqual(full, { held: ids.join(), kept: ids.join() });
        assert.deepEqual(after, { held: [...ids, "after"].join(), kept: [...ids, "after"].join() });
      });
    });
  });
});

interface Outcome {
  stored: number;
  refused: { name: string; status: number };
  full: { held: string; kept: string };
  after: { held: string; kept: string };
}
