import { renameSync, rmSync, writeFileSync } from "node:fs";

/** Replaces a file in one step, mode 0600: whoever reads it sees the old text or the new one, also after a crash or on a full disk. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.new`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
