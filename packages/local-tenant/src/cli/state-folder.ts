import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { takeLock } from "../lib/process-lock.ts";
import type { ProcessLock } from "../lib/process-lock.ts";
import { StateFolder } from "../store/state-folder.ts";
import { UserError } from "../lib/errors.ts";

/** The state folder that a person has named, from the folder that the command was called in. */
export function stateFolder(path: string): StateFolder {
  return new StateFolder(resolve(path));
}

/**
 * Makes the folder and takes it for this process.
 * @throws {UserError} while another process has it.
 */
export function lockFolder(folder: StateFolder): ProcessLock {
  try {
    mkdirSync(folder.path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The folder ${folder.path} cannot be made: ${reason}. Name another one with --state.`,
    );
  }
  const lock = takeLock(folder.lockFile);
  if ("release" in lock) return lock;
  throw new UserError(
    `The folder ${folder.path} is in use by process ${lock.heldBy}. Stop that process first, or name another folder with --state.`,
  );
}

/**
 * Refuses to empty a folder that holds anything but a tenant's files: `--state .` must not cost a project.
 * @throws {UserError} naming the file that does not belong there.
 */
export function checkIsStateFolder(folder: StateFolder): void {
  if (!existsSync(folder.path)) return;
  const foreign = readdirSync(folder.path).find((name) => !OWN_FILES.test(name));
  if (foreign === undefined) return;
  throw new UserError(
    `The folder ${folder.path} holds "${foreign}", which is not a tenant's file, so nothing was deleted. Check --state.`,
  );
}

const OWN_FILES =
  /^((tenant\.json|tenant\.json\.before-format-\d+|about\.json|environment|deployer\.env)(\.new)?|tls|pulumi|lock(\.\d+)?(\.stale)?|.*\.log)$/;
