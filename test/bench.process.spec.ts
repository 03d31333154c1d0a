import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseArguments } from "./bench/arguments.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bench = (...flags: string[]) =>
  promisify(execFile)(process.execPath, ["--import", "tsx", "test/bench/run.ts", ...flags], {
    cwd: root,
    timeout: 60_000,
  });

describe("npm run bench", () => {
  it("measures both Actions in all four parts and writes the figures down", async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "workforce-sso-bench-"));
    try {
      const file = join(folder, "figures.json");
      const { stdout } = await bench("action", "--smoke", "--json", file);
      for (const heading of ["1. Calls", "2. Logins", "3. Added", "4. Source"]) {
        assert.ok(stdout.includes(`\n${heading}`), heading);
      }
      // SAFETY: what the bench writes; the assertions below look at all that is used.
      const figures = JSON.parse(readFileSync(file, "utf8")) as {
        calls: { subject: string; path: string; tokenRequests: number; userReads: number }[];
        load: { subject: string; logins: number; succeeded: number }[];
        latency: { condition: string; subject: string; succeeded: number; rightGroups: number }[];
        size: { bytes: number }[];
      };
      assert.deepEqual(
        figures.calls.map(({ tokenRequests, userReads }) => [tokenRequests, userReads]),
        [
          [4, 4],
          [0, 0],
          [1, 4],
        ],
      );
      assert.ok(
        figures.load.every(({ subject, logins, succeeded }) => subject !== "ours" || succeeded === logins),
      );
      const faulty = figures.latency.filter(({ condition }) => condition === "API: 500");
      assert.deepEqual(
        faulty.map(({ subject, succeeded, rightGroups }) => [subject, succeeded, rightGroups]),
        [
          ["recipe", 0, 0],
          ["ours", 2, 0],
        ],
      );
      assert.equal(figures.size.length, 3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("says what to do about a command line that it does not understand", async () => {
    await assert.rejects(
      bench("action", "--only", "5"),
      /--only 5 names no parts\. Give numbers from 1 to 4/,
    );
    assert.throws(() => parseArguments(["logins"]), /What is to be measured\? npm run bench -- action\./);
  });
});
