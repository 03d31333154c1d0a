import { TextDecoder } from "node:util";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";

const PIECE = 256 * 1024;

/** A line of a file, without its end. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/**
 * The text of a file, a piece at a time, so that its size does not matter. Bytes that are not UTF-8 become
 * U+FFFD.
 * @throws {UserError} one line, where it cannot be read or is compressed.
 */
export function* piecesOf(file: string): Generator<string, void> {
  const descriptor = open(file);
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    let decoder: TextDecoder | undefined;
    for (;;) {
      const size = readSync(descriptor, buffer, 0, PIECE, null);
      const bytes = buffer.subarray(0, size);
      if (decoder === undefined) {
        if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
          throw new UserError(`${file} is compressed. Unpack it first, such as by: gunzip "${file}"`);
        }
        decoder = new TextDecoder(encodingOf(bytes));
      }
      const text = size === 0 ? decoder.decode() : decoder.decode(bytes, { stream: true });
      if (text !== "") yield text;
      if (size === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The lines of a file, with `\n` or `\r\n` between them. */
export function* linesOf(pieces: Iterable<string>): Generator<Line, void> {
  let line = 0;
  let rest = "";
  for (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines)
      yield { line: (line += 1), text: text.endsWith("\r") ? text.slice(0, -1) : text };
  }
  if (rest !== "") yield { line: line + 1, text: rest };
}

function open(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(
      code === "ENOENT"
        ? `There is no file ${file}. Give the files of an export.`
        : `${file} cannot be read (${code}). Give a file that this user may read.`,
    );
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new UserError(`${file} is not a file, and it is read twice. Write the export to a file first.`);
}

/** By the byte order mark, which Windows PowerShell's `>` writes. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}
