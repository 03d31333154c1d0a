import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("Store", () => {
  it("survives 200 kills in the middle of its writes, and readers: nothing half-written, nothing acknowledged lost", () =>
    withTemporaryFolder(async (folder) => {
      const writer = buildWriter(folder);
      // Starting a process is mostly waiting, so four files are written and killed side by side.
      const lanes = [1, 2, 3, 4].map(async (lane) => {
        const file = join(folder, `tenant-${lane}.json`);
        let counter = 0;
        for (let kill = 0; kill < 50; kill += 1) {
          const acknowledged = await writeUntilKilled(writer, file, counter, kill % 7);
          const { roles } = new Store(file).tables;
          counter = Number(roles.get("counter")?.name);
          assert.equal(
            roles.get("twin")?.name,
            String(counter),
            "the rows of one change are stored together",
          );
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
          store.tables.roles.put({ id: "twin", name: String(i), description: null, permissions: [] });
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
    // What was said is there for a reader too, whatever the writer does meanwhile.
    if (last - from === 2) {
      const read = Number(new Store(file).tables.roles.get("counter")?.name);
      assert.ok(read >= last, `a reader sees ${read} of ${last}`);
    }
    if (last - from > more) child.kill("SIGKILL");
  }
  await ended;
  return last;
}
