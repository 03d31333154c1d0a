import { appendFileSync, closeSync, openSync, renameSync, rmSync } from "node:fs";

/**
 * Replaces a file in one step, mode 0600: whoever reads it sees the old text or the new one, also after a crash or on a full disk.
 * @param text The new text, or its pieces in order, which need not all be in memory.
 */
export function writeWhole(file: string, text: string | Iterable<string>): void {
  const temporary = `${file}.new`;
  try {
    rmSync(temporary, { force: true });
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      for (const piece of typeof text === "string" ? [text] : inLargePieces(text))
        appendFileSync(descriptor, piece);
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
