import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./support/sample.ts";

describe("a spec that starts a process", () => {
  /**
   * Runs a spec of this name whose code under test swallows every error; answers mocha's exit code and
   * report.
   */
  function run(name: string, call: string): { status: number | null; stdout: string } {
    const folder = mkdtempSync(join(CHECKOUT, "test/guarded-"));
    try {
      const text = `import * as children from "node:child_process";
        it("is quiet", () => { try { ${call} } catch {} });`;
      writeFileSync(join(folder, name), text);
      const mocha = join(CHECKOUT, "node_modules/mocha/bin/mocha.js");
      return spawnSync(process.execPath, [mocha, join(folder, name)], { cwd: CHECKOUT, encoding: "utf8" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  for (const call of [
    'children.spawn("true")',
    'children.execFile("true")',
    'children.execFileSync("true")',
    'children.execSync("true")',
    'children.spawnSync("true")',
  ]) {
    it(`fails under a name of the fast ones, though the refusal is swallowed: ${call}`, () => {
      const { status, stdout } = run("quiet.spec.ts", call);
      assert.equal(status, 1, stdout);
      assert.match(stdout, /quiet\.spec\.ts starts a process \(true\)[^]*\.process\.spec\.ts/);
    });
  }

  it("passes under a name that says so", () => {
    assert.equal(run("quiet.process.spec.ts", 'children.spawnSync("true")').status, 0);
  });
});
