import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";
import { MARKER } from "../../review/comment/contents.ts";
import { CHECKOUT } from "../support/sample.ts";

const SCRIPT = ".github/scripts/make-claims-comment.sh";

/** Stands for npm: writes down what it is told and which commit is meant, and a comment. */
const NPM = `#!/usr/bin/env bash
echo "$*" >"$CALLS"
git rev-parse "refs/heads/$BASE_REF" >>"$CALLS"
[ "$CODE" -gt 1 ] || { mkdir -p claims; echo "the comment" >claims/comment.md; }
exit "$CODE"
`;

describe("the claims of a pull request", () => {
  before(function () {
    // The workflows run on Linux; the script needs bash, which other systems may lack.
    if (process.platform === "win32") this.skip();
  });

  it("are against the branch as it was merged, and are shown in the summary", async () => {
    const { status, call, base, summary, output } = await run({ code: 0 });
    assert.equal(status, 0);
    assert.deepEqual(call, ["--silent run claims -- comment --against release/2 --out claims", base]);
    assert.deepEqual([summary, output], ["before\nthe comment\n", "comment=made\n"]);
  });

  it("fail the check where a contract is violated, and are shown all the same", async () => {
    const { status, summary, output } = await run({ code: 1 });
    assert.deepEqual([status, summary, output], [1, "before\nthe comment\n", "comment=made\n"]);
  });

  it("say that they could not be made, in place of what an earlier commit did", async () => {
    const { status, summary, output } = await run({ code: 2 });
    assert.equal(status, 2);
    assert.ok(summary.startsWith(`before\n${MARKER}\n### `), summary);
    assert.match(summary, /\nIt could not be made: the log of this run says why\.\n$/);
    assert.equal(output, "comment=made\n");
  });
});

/** Runs the script in a repository whose HEAD is a merge, as GitHub checks one out. */
function run({ code }: { code: number }) {
  return withTemporaryFolder((folder) => {
    const root = join(folder, "project");
    const bin = join(folder, "bin");
    for (const each of [join(root, ".github/scripts"), bin]) mkdirSync(each, { recursive: true });
    cpSync(join(CHECKOUT, SCRIPT), join(root, SCRIPT));
    writeFileSync(join(bin, "npm"), NPM);
    chmodSync(join(bin, "npm"), 0o755);
    const [calls, summary, output] = ["calls", "summary", "output"].map((name) => join(folder, name));
    assert.ok(calls && summary && output);
    writeFileSync(summary, "before\n");
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, "-c", "user.name=x", "-c", "user.email=x@xyz.example", ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { PATH: process.env["PATH"], HOME: folder },
      }).trim();
    git("init", "--quiet", "--initial-branch=mine");
    git("commit", "--quiet", "--allow-empty", "--message=before both");
    git("checkout", "--quiet", "--detach");
    git("commit", "--quiet", "--allow-empty", "--message=the branch");
    const base = git("rev-parse", "HEAD");
    git("checkout", "--quiet", "mine");
    git("commit", "--quiet", "--allow-empty", "--message=the change");
    git("checkout", "--quiet", base);
    git("merge", "--quiet", "--no-ff", "--message=merge", "mine");
    const { status } = spawnSync(join(root, SCRIPT), {
      env: {
        PATH: `${bin}${delimiter}${process.env["PATH"]}`,
        ...{ BASE_REF: "release/2", CODE: String(code), CALLS: calls },
        ...{ GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output },
      },
    });
    const read = (file: string) => readFileSync(file, "utf8");
    const call = read(calls).trim().split("\n");
    return { status, call, base, summary: read(summary), output: read(output) };
  });
}
