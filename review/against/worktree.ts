import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Closing } from "../closing.ts";
import { git, gitEnvironment } from "./git.ts";
import type { Commit } from "./git.ts";

/** Without the hooks of the repository, which are for people's checkouts. */
const NO_HOOKS = ["-c", "core.hooksPath=/dev/null"];

/**
 * Checks a commit out into a folder of its own, which goes with `closing` and with the process.
 * @param root The project's folder in the working tree.
 * @returns the project's folder in the commit.
 */
export async function checkOut(
  root: string,
  { hash }: Commit,
  closing: Closing,
  signal?: AbortSignal,
): Promise<string> {
  const prefix = await git(root, ["rev-parse", "--show-prefix"], signal);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "workforce-sso-claims-")));
  const tree = join(folder, "tree");
  const remove = () => {
    process.removeListener("exit", remove);
    removeTree(root, tree);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", remove);
  closing.add(remove);
  await git(root, [...NO_HOOKS, "worktree", "add", "--quiet", "--detach", tree, hash], signal);
  return join(tree, prefix);
}

/**
 * In one go, since it also runs at the end of the process. The folder goes first: git takes a worktree whose
 * folder is gone for what it is, also one that was not made to the end, and no other worktree is touched.
 */
function removeTree(root: string, tree: string): void {
  rmSync(tree, { recursive: true, force: true });
  try {
    execFileSync("git", ["-C", root, "worktree", "remove", "--force", "--force", tree], {
      env: gitEnvironment(process.env),
      stdio: "ignore",
    });
  } catch {
    // Git did not come to know of it.
  }
}
