import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a file in one step, and makes its folder where there is none: whoever reads it sees the old text
 * or the new one, also after a crash or on a full disk. Only its owner can read it unless `mode` says
 * otherwise.
 * @param text The new text, or its pieces in order, which need not all be in memory.
 * @param flush Brings a file from the system to the disk; absent where a power cut may take the new text.
 */
export function writeWhole(
  file: string,
  text: string | Iterable<string>,
  mode = 0o600,
  flush?: (descriptor: number) => void,
): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.new`;
  try {
    // A mode is applied to new files only.
    rmSync(temporary, { force: true });
    const descriptor = openSync(temporary, "wx", mode);
    try {
      for (const piece of typeof text === "string" ? [text] : inLargePieces(text))
        appendFileSync(descriptor, piece);
      flush?.(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function* inLargePieces(pieces: Iterable<string>): Generator<string, void> {
  let large = "";
  for (const piece of pieces) {
    large += piece;
    if (large.length < 256 * 1024) continue;
    yield large;
    large = "";
  }
  yield large;
}
