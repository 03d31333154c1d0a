import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";

/** What the store asks of the system to change its files; a test watches the order, or lets a call fail. */
export interface Disk {
  /** Writes at a position, and answers how many bytes were written, which may be fewer than were given. */
  write(descriptor: number, bytes: Uint8Array, position: number): number;
  truncate(descriptor: number, size: number): void;
  /** Brings what was written to the disk itself, so that a power cut does not take it. */
  flush(descriptor: number): void;
  /** The same, while the process goes on with other work. */
  flushBeside(descriptor: number): Promise<void>;
}

export const DISK: Disk = {
  write: (descriptor, bytes, position) => writeSync(descriptor, bytes, 0, bytes.length, position),
  truncate: ftruncateSync,
  flush: fdatasyncSync,
  flushBeside: promisify(fdatasync),
};

/**
 * Brings the names of a folder to the disk: a file that is there, but under no name, is gone after a power
 * cut. Windows has no such call and needs none.
 */
export function flushFolder(disk: Disk, folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    disk.flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
