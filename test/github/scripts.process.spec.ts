import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

function run(script: string, args: string[] = [], env: Record<string, string> = {}) {
  return spawnSync(join(root, ".github/scripts", script), args, {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
}

describe("scripts of the workflows", () => {
  before(function () {
    // The workflows run on Linux; the scripts need bash, which other systems may lack.
    if (process.platform === "win32") this.skip();
  });

  it("say to the author of a fork's pull request why there is no preview", () => {
    const { status, stdout } = run("say-fork-skipped.sh", [], { HEAD_REPOSITORY: "someone/workforce-sso" });
    assert.equal(status, 0);
    assert.match(stdout, /^::notice .*fork someone\/workforce-sso.*check workflow/);
    assert.equal(stdout.trim().split("\n").length, 1);
  });

  it("name every missing setting at once, and no value of those that are there", () => {
    const { status, stdout } = run("require-settings.sh", ["ONE", "TWO", "THREE"], { TWO: "s3cret" });
    assert.equal(status, 1);
    assert.match(stdout, /^::error .*Missing: ONE THREE\./);
    assert.equal(stdout.includes("s3cret"), false);
  });

  it("go on silently when every setting is there", () => {
    const { status, stdout } = run("require-settings.sh", ["ONE"], { ONE: "x" });
    assert.deepEqual([status, stdout], [0, ""]);
  });

  it("give the CLI the version of the SDK", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const { stdout } = run("pulumi-version.sh");
    assert.equal(stdout, `version=${manifest.dependencies["@pulumi/pulumi"]}\n`);
  });
});
