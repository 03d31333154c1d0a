import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { findCommit, gitEnvironment } from "../../../review/against/git.ts";
import { checkOut } from "../../../review/against/worktree.ts";
import { Closing } from "../../../review/closing.ts";

describe("the worktree of a ref", () => {
  it("has the commit's files below the project's own folder, and is gone at the end", async () => {
    await withRepository(async ({ project, git }) => {
      writeFileSync(join(project, "index.ts"), "after");
      const closing = new Closing();
      const tree = await checkOut(project, await findCommit(project, "main"), closing);
      assert.equal(readFileSync(join(tree, "index.ts"), "utf8"), "before");
      assert.match(tree, /\/app\/?$/);
      await closing.close();
      assert.equal(existsSync(tree), false);
      assert.equal(git("worktree", "list").trim().split("\n").length, 1);
    });
  });

  it("runs no hook of the repository", async function () {
    if (process.platform === "win32") this.skip();
    await withRepository(async ({ project, folder }) => {
      const hook = join(folder, ".git", "hooks", "post-checkout");
      mkdirSync(join(folder, ".git", "hooks"), { recursive: true });
      writeFileSync(hook, `#!/bin/sh\ntouch "${join(folder, "hook-ran")}"\n`);
      chmodSync(hook, 0o755);
      const closing = new Closing();
      await checkOut(project, await findCommit(project, "main"), closing);
      await closing.close();
      assert.equal(existsSync(join(folder, "hook-ran")), false);
    });
  });

  it("leaves other worktrees alone, also one whose folder is not there just now", async () => {
    await withRepository(async ({ project, folder, git }) => {
      const other = join(folder, "..", "on a disk that is not mounted");
      git("worktree", "add", "--quiet", "--detach", other);
      rmSync(other, { recursive: true });
      const closing = new Closing();
      await checkOut(project, await findCommit(project, "main"), closing);
      await closing.close();
      const trees = git("worktree", "list", "--porcelain").match(/^worktree .*$/gm) ?? [];
      assert.deepEqual([trees.length, trees[1]?.endsWith("not mounted")], [2, true]);
    });
  });

  it("is of this repository, whatever git tells its hooks", () => {
    const env = { GIT_DIR: "a", GIT_INDEX_FILE: "b", GIT_SSH_COMMAND: "c", GIT_CONFIG_COUNT: "0", PATH: "d" };
    assert.deepEqual(gitEnvironment(env), { GIT_SSH_COMMAND: "c", GIT_CONFIG_COUNT: "0", PATH: "d" });
  });

  it("is asked for by a ref that exists, or the nearest is named", async () => {
    await withRepository(async ({ project }) => {
      assert.match((await findCommit(project, "main")).hash, /^[0-9a-f]{40}$/);
      await assert.rejects(
        findCommit(project, "mian"),
        /"mian" to hold the working tree against\. Did you mean main\?$/,
      );
      await assert.rejects(findCommit(project, "main:app"), /There is no commit "main:app"/);
    });
    await withTemporaryFolder(async (folder) => {
      await assert.rejects(findCommit(folder, "main"), (error: Error) => {
        assert.match(error.message, /is not in a git repository, so it has no "main" .* needs a clone/);
        return !error.message.includes("\n");
      });
    });
  });
});

interface Repository {
  readonly folder: string;
  /** The project, in a folder of the repository. */
  readonly project: string;
  readonly git: (...args: string[]) => string;
}

function withRepository(body: (repository: Repository) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (parent) => {
    const folder = join(parent, "repository");
    const project = join(folder, "app");
    mkdirSync(project, { recursive: true });
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@xyz.example", ...args], {
        encoding: "utf8",
        env: gitEnvironment(process.env),
      });
    git("init", "--quiet", "--initial-branch=main");
    writeFileSync(join(project, "index.ts"), "before");
    git("add", "--all");
    git("commit", "--quiet", "--message", "Before");
    await body({ folder, project, git });
  });
}
