import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { takeLock } from "../lib/process-lock.ts";
import type { ProcessLock } from "../lib/process-lock.ts";
import { layoutOf, openLayout, resetLayout } from "../store/folder.ts";
import { UserError } from "../lib/errors.ts";

/** Where a tenant is kept between runs; the same layout as that of `npm start`. */
export interface StateFolder {
  readonly path: string;
  readonly stateFile: string;
  readonly tlsFolder: string;
}

/** Names the files of a state folder. Makes nothing. */
export function stateFolder(path: string): StateFolder {
  const { folder, tenant, tls } = layoutOf(resolve(path));
  return { path: folder, stateFile: tenant, tlsFolder: tls };
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
    throw new UserError(`The folder ${folder.path} cannot be made: ${reason}. Name another with --state.`);
  }
  const lock = takeLock(layoutOf(folder.path).lock);
  if ("release" in lock) return lock;
  throw new UserError(
    `The folder ${folder.path} is in use by process ${lock.heldBy}. Stop that one first, or name another folder with --state.`,
  );
}

/** Deletes what a tenant, and a deployment onto it, have left in the folder. The lock stays with its holder. */
export function emptyFolder(folder: StateFolder): void {
  resetLayout(layoutOf(folder.path));
}

/**
 * Makes the folder one that `npm start` can go on with.
 * @throws {UserError} when it was made by another version of the project, or a part of it is gone.
 */
export function openFolder(folder: StateFolder): void {
  openLayout(layoutOf(folder.path));
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
  /^((tenant\.json|about\.json|environment|deployer\.env)(\.new)?|tls|pulumi|lock(\.\d+)?(\.stale)?|.*\.log)$/;
