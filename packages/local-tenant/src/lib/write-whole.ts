import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a file in one step, and makes its folder where there is none: whoever reads it sees the old text or the new one, also after
 * a crash or on a full disk. Readable by its owner alone unless `mode` says otherwise.
 */
export function writeWhole(file: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.new`;
  try {
    // A mode is applied to new files only.
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
