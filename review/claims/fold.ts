/** Narrower than this, text beside what comes before it is harder to read than text below it. */
const LEAST_ROOM = 40;
/** How far text is indented that goes on below. */
const BELOW = 6;

/**
 * A text after what comes before it on its line, folded between words where a terminal's line ends; further
 * lines begin where the text began.
 * @param columns Of the terminal; nothing is folded where there is none, so that a line is a record for other
 * programs.
 */
export function foldAfter(before: string, text: string, columns?: number): string {
  if (columns === undefined) return before + text;
  const beside = columns - before.length >= LEAST_ROOM;
  return fold(before, text, columns, beside ? before.length : Math.min(before.length, BELOW));
}

/** Each line of a text folded, with two columns more before what goes on below. */
export function foldLines(text: string, columns?: number): string {
  if (columns === undefined) return text;
  const lines = text.split("\n").map((line) => {
    const [indent = ""] = /^ */.exec(line) ?? [];
    return fold(indent, line.slice(indent.length), columns, indent.length + 2);
  });
  return lines.join("\n");
}

function fold(before: string, text: string, columns: number, indent: number): string {
  if (before.length + text.length <= columns) return before + text;
  const lines: string[] = [];
  let line = before;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      [line, empty] = [" ".repeat(indent), true];
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** Names that a line on a terminal says before it counts the rest. */
const MOST_NAMES = 12;

/** What an output ends with where a list was cut. */
export const WHERE_ALL_ARE = "Long lists are cut: --json and --csv have all groups, and so has a pipe.";

/** Whether a list is cut. "and 1 more" would be no shorter than the name. */
export function isCut({ length }: readonly string[], columns?: number): boolean {
  return columns !== undefined && length > MOST_NAMES + 1;
}

/** Names of a list: on a terminal, where it is long, the first of them and a count. */
export function namesIn(names: readonly string[], columns?: number): string {
  if (!isCut(names, columns)) return names.join(", ");
  return `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;
}
