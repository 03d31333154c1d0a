import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withTemporaryFolder } from "../packages/local-tenant/test/support/temporary.ts";
import { parseArguments } from "./bench/arguments.ts";
import type { ActionFigures } from "./bench/parts/action.ts";
import type { SignInFigures } from "./bench/parts/sign-ins.ts";
import { PARTS } from "./bench/parts/all.ts";
import { loadedByExec } from "./bench/subjects/modules.ts";
import { readResults } from "./bench/results.ts";

/** Code that a tenant loads: the bundle and what finds or makes it. More of it takes longer to start. */
const MOST = { files: 6, bytes: 1_600_000 };

const root = fileURLToPath(new URL("..", import.meta.url));

/** What one part prints, and the figures that it writes down. */
function bench(name: string): Promise<{ stdout: string; figures: unknown }> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, "results.json");
    const flags = ["--smoke", "--alone", "--results", file];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "test/bench/run.ts", name, ...flags],
      { cwd: root, timeout: 60_000 },
    );
    assert.match(readFileSync(file, "utf8"), /"date": "\d{4}-\d\d-\d\d"/);
    return { stdout, figures: readResults(file)[name]?.figures };
  });
}

describe("npm run bench", function () {
  this.timeout(60_000);

  it("measures both Actions and writes the figures down", async () => {
    const { stdout, figures } = await bench("action");
    assert.ok(stdout.includes("## The Action beside the recipe that it replaces"), stdout);
    // SAFETY: what that part gives; the assertions below look at all that is used.
    const { calls, load, latency, size } = figures as ActionFigures;
    assert.deepEqual(
      calls.map(({ tokenRequests, userReads }) => [tokenRequests, userReads]),
      [
        [4, 4],
        [0, 0],
        [1, 4],
      ],
    );
    assert.ok(load.every(({ subject, logins, succeeded }) => subject !== "ours" || succeeded === logins));
    const faulty = latency.filter(({ condition }) => condition === "API: 500");
    assert.deepEqual(
      faulty.map(({ subject, succeeded, rightGroups }) => [subject, succeeded, rightGroups]),
      [
        ["recipe", 0, 0],
        ["ours", 2, 0],
      ],
    );
    assert.equal(size.length, 3);
  });

  it("signs people in with four requests and one signature each", async () => {
    const { stdout, figures } = await bench("sign-ins");
    assert.ok(stdout.includes("Sign-ins a second:"), stdout);
    // SAFETY: what that part gives; the assertions below look at all that is used.
    const { about, rows } = figures as SignInFigures;
    assert.deepEqual(
      about.map(({ subject, requests, signatures }) => [subject, requests, signatures]),
      [
        ["ours, in memory", 4, 1],
        ["ours, kept", 4, 1],
      ],
    );
    assert.ok(rows.length === 6 && rows.every(({ perSecond }) => perSecond.median > 0));
  });

  it("starts a tenant with no more code than it needs", async () => {
    const { files, bytes } = await loadedByExec();
    assert.ok(files <= MOST.files && bytes <= MOST.bytes, `${files} files, ${bytes} bytes`);
  });

  it("measures every part unless some are named", () => {
    assert.deepEqual(parseArguments([]).parts, Object.keys(PARTS));
    assert.deepEqual(parseArguments(["start", "sign-ins", "start"]).parts, ["start", "sign-ins"]);
  });

  it("says what to do about a command line that it does not understand", () => {
    assert.throws(
      () => parseArguments(["logins"]),
      /There is no part logins\..* What can be measured: sign-ins, /,
    );
    assert.throws(() => parseArguments(["--beside"]), /--beside needs the folder of a checkout\./);
  });
});
