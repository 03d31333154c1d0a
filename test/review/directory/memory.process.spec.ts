import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { CHECKOUT } from "../../support/sample.ts";
import { graphUser, withExport } from "./support.ts";

/** Makes a process say at its end how much memory it had at most, in kB. */
const SAY_MEMORY = `process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)));`;
const MOST_MORE = 60 * 1024;

describe("a large import", () => {
  it("takes no more memory than a small one, but for who is in it", async () => {
    await withExport({ "memory.mjs": SAY_MEMORY }, ({ out, path }) => {
      // What the import does not need, so that a large file has few people in it and takes a moment.
      const photo = "x".repeat(40_000);
      const memoryOf = (people: number) => {
        const file = path("users.json");
        writeFileSync(file, '{"value": [\n');
        for (let number = 1; number <= people; number += 1) {
          const comma = number === 1 ? "" : ",\n";
          appendFileSync(file, `${comma}${JSON.stringify(graphUser(number, { photo }))}`);
        }
        appendFileSync(file, "\n]}\n");
        const script = ["--import", path("memory.mjs"), "local/launch/main.mjs", "review/directory/main.ts"];
        const words = [...script, "import", file, "--out", out];
        const { status, stderr } = spawnSync(process.execPath, words, { cwd: CHECKOUT, encoding: "utf8" });
        assert.equal(status, 0, stderr);
        return Number(stderr);
      };
      const [small, large] = [memoryOf(10), memoryOf(1000)];
      assert.ok(large - small < MOST_MORE, `${small} kB for 0.4 MB, ${large} kB for 40 MB`);
    });
  }).timeout(60_000);
});
