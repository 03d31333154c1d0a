import { spawnSync } from "node:child_process";
import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

/**
 * Refuses a place whose folder is a file. Refuses to write people into a file that git has, or would take
 * with the next `git add`.
 * @throws {UserError}
 */
export function refuseTracked(file: string): void {
  // A link in the path may lead into another checkout: what counts is where the file would lie.
  const folder = nearestFolder(dirname(file));
  const inside = existsSync(dirname(file)) ? join(folder, basename(file)) : file;
  if (git(folder, ["rev-parse", "--is-inside-work-tree"]) !== 0) return;
  const advice = "Name a file that git ignores, such as .local/directory.json.";
  if (git(folder, ["ls-files", "--error-unmatch", "--", inside]) === 0) {
    throw new UserError(`${file} is tracked by git, and people's data must not get into it. ${advice}`);
  }
  if (git(folder, ["check-ignore", "--quiet", "--", inside]) !== 0) {
    throw new UserError(
      `${file} is not ignored by git, and people's data could get into it with the next commit. ${advice}`,
    );
  }
}

function nearestFolder(folder: string): string {
  if (!existsSync(folder) && dirname(folder) !== folder) return nearestFolder(dirname(folder));
  if (!statSync(folder).isDirectory()) {
    throw new UserError(
      `${folder} is not a folder, and the directory would be written into it. Move it away.`,
    );
  }
  return realpathSync(folder);
}

function git(folder: string, args: readonly string[]): number {
  // A hook's environment names another index and work tree than those of the folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const { status, error } = spawnSync("git", args, { cwd: folder, env, stdio: "ignore" });
  if (error !== undefined) {
    throw new UserError(
      `git cannot be asked whether it ignores the file (${error.message}). Install git first.`,
    );
  }
  return status ?? 1;
}
