import { line } from "../claims/markdown.ts";

/** A table whose rows may be cut. */
export interface Table {
  /** What its rows are, such as `groups`. */
  readonly rowsAre: string;
  /** What comes before it, a heading for example. */
  readonly above: string;
  readonly columns: readonly Column[];
  /** Cells in Markdown, the rows that matter most first. */
  readonly rows: readonly (readonly string[])[];
  /** What comes after it, such as the end of a fold. */
  readonly below?: string;
}

export interface Column {
  readonly title: string;
  /** Numbers are on the right. */
  readonly number?: boolean;
}

/** A part of a page: Markdown that is never cut, or a table. */
export type Block = string | Table;

/** How much a page may hold. */
export interface Limits {
  /** UTF-8 bytes, which are never fewer than characters. */
  readonly bytes: number;
  /** Rows of one table that a person would still read. */
  readonly rows: number;
}

/**
 * GitHub refuses a comment of more than 65,536 characters. They are counted as bytes here, whatever GitHub
 * calls a character, and a few are left for who adds a line.
 */
export const COMMENT_LIMITS: Limits = { bytes: 65_000, rows: 25 };

/** A page of everything. */
export const NO_LIMITS: Limits = { bytes: Infinity, rows: Infinity };

/**
 * Writes a page. Where it would pass its limits, tables lose their last rows, and a line below each says how
 * many.
 * @param where Where the whole is, as the end of a sentence.
 */
export function page(blocks: readonly Block[], limits: Limits, where = ""): string {
  const empty = blocks.map((block) => (typeof block === "string" ? block : frame(block, where, [])));
  // Every table could need the line that says what was cut.
  let left = limits.bytes - bytesOf(empty.join("\n"));
  const texts = blocks.map((block) => {
    if (typeof block === "string") return block;
    const rows: string[] = [];
    for (const cells of block.rows.slice(0, limits.rows)) {
      const row = line(cells);
      if (bytesOf(row) > left) break;
      left -= bytesOf(row);
      rows.push(row);
    }
    return frame(block, where, rows);
  });
  return texts.join("\n");
}

/** A table with as many of its rows as are given. */
function frame(
  { rowsAre, above, columns, rows, below }: Table,
  where: string,
  shown: readonly string[],
): string {
  const rest = rows.length - shown.length;
  const heads =
    line(columns.map(({ title }) => title)) + line(columns.map(({ number }) => (number ? "---:" : "---")));
  const cut = rest > 0 ? `\nCut here: ${rest} more ${rowsAre}${where}.\n` : "";
  return [
    above === "" ? "" : `${above}\n`,
    ...(rows.length > 0 ? [heads, ...shown] : []),
    cut,
    below ?? "",
  ].join("");
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
