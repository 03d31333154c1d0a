import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { CHECKOUT } from "../support/sample.ts";
import { programs } from "./pages.ts";

const PAGE = "docs/a-tenant-per-test.md";
const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);

describe(PAGE, function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-test-"));
  const examples = programs(PAGE);
  before(() => {
    for (const [name, code] of examples) writeFileSync(join(folder, name), code);
    addPackage(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What each program is run by, and what it says about its tests. */
  const cases: [name: string, runner: readonly string[], passed: RegExp][] = [
    ["portal.test.mjs", ["--test-reporter=tap"], /^# pass 5\n# fail 0$/m],
    ["portal.spec.mjs", [join(dirname(resolve("mocha/package.json")), "bin/mocha.js")], /^ {2}4 passing/m],
    ["sdk.test.mjs", ["--test-reporter=tap"], /^# pass 1\n# fail 0$/m],
  ];

  it("has the programs that are run here, and no others", () => {
    assert.deepEqual(
      [...examples.keys()],
      cases.map(([name]) => name),
    );
  });

  for (const [name, runner, passed] of cases) {
    it(`shows a program that runs as it stands: ${name}`, async () => {
      const args = ["--import", pathToFileURL(resolve("tsx")).href, ...runner, name];
      const stdout = await run(process.execPath, args, { cwd: folder }).then(
        (ended) => ended.stdout,
        (failed: { stdout?: string; stderr?: string }) => `${failed.stdout}${failed.stderr}`,
      );
      assert.match(stdout, passed);
    });
  }
});

/** What npm would have installed: the package, here from its sources, and two others. */
function addPackage(folder: string): void {
  const modules = join(folder, "node_modules");
  const own = join(modules, "@workforce-sso/local-tenant");
  mkdirSync(own, { recursive: true });
  const sources = pathToFileURL(join(CHECKOUT, "packages/local-tenant/src/index.ts")).href;
  writeFileSync(join(own, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(join(own, "index.js"), `export * from ${JSON.stringify(sources)};\n`);
  for (const name of ["jose", "auth0"]) {
    symlinkSync(join(CHECKOUT, "node_modules", name), join(modules, name), "junction");
  }
}
