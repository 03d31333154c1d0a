import { statfsSync } from "node:fs";
import { UserError } from "./errors.ts";

/** More than a tenant, a stack and its history take; in bytes. */
const ENOUGH = 32 * 1024 * 1024;

/**
 * Refuses to begin on a disk that is nearly full. The tenant's files are replaced whole, but the engine's
 * file backend has been seen to leave its state and the backup of it cut in half when the disk fills in the
 * middle of a deployment.
 * @param free bytes that this user may still write there.
 * @throws {UserError}
 */
export function refuseFullDisk(folder: string, free = freeBytes(folder)): void {
  if (free >= ENOUGH) return;
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  throw new UserError(
    `The disk that holds ${folder} has ${megabytes(free)} MB left, and ${megabytes(ENOUGH)} MB are needed. Free some space and start ` +
      "again; nothing was changed.",
  );
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
