import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Asks the tenant for its clients and says how that went, in the report's shape. */
const REPLAY = `
import { readFileSync } from "node:fs";
import { get } from "node:https";
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const { name, expected } = JSON.parse(readFileSync(process.argv.at(-1), "utf8"));
const headers = { authorization: "Bearer " + option("--token") };
get(new URL("/api/v2/clients", option("--url")), { ca: readFileSync(option("--ca")), headers }, (answer) => {
  answer.resume();
  const passed = Number(answer.statusCode === expected);
  const wrong = passed ? [] : [{ i: 0, call: "GET /clients", problems: ["status " + answer.statusCode] }];
  console.log(JSON.stringify({ passed, failed: 1 - passed, report: [{ name, wrong }] }));
});
`;

describe("npm run conformance", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "recordings-"));
    mkdirSync(join(folder, "recordings"));
    writeFileSync(join(folder, "replay.mjs"), REPLAY);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(...args: string[]) {
    const { CONFORMANCE_DIR: _unset, ...env } = process.env;
    void _unset;
    const result = spawnSync(
      process.execPath,
      ["--import", "tsx", "packages/local-tenant/test/conformance/run.ts", ...args],
      {
        cwd: ROOT,
        env,
        encoding: "utf8",
        timeout: 50_000,
      },
    );
    return { status: result.status, lines: result.stdout.trim().split("\n") };
  }

  it("says that it skips, and succeeds, where there are no recordings", () => {
    const { status, lines } = run(join(folder, "nowhere"));
    assert.equal(status, 0);
    assert.match(lines.at(-1) ?? "", /^conformance: skipped, for there are no recordings at /);
  });

  it("plays each recording against a tenant of its own, sums up, and fails if one differs", () => {
    const recordings = join(folder, "recordings");
    writeFileSync(join(recordings, "a.json"), JSON.stringify({ name: "a", expected: 200 }));
    assert.deepEqual(run(recordings), {
      status: 0,
      lines: ["ok   a: 1 of 1", "1 passed, 0 failed"],
    });
    writeFileSync(join(recordings, "b.json"), JSON.stringify({ name: "b", expected: 404 }));
    assert.deepEqual(run(recordings), {
      status: 1,
      lines: [
        "ok   a: 1 of 1",
        "FAIL b: 0 of 1",
        "     #0 GET /clients",
        "       status 200",
        "1 passed, 1 failed",
      ],
    });
  });
});
