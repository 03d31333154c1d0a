import type { ClaimsRow } from "./model.ts";
import { headLines, plain } from "./output.ts";
import type { ClaimsOutput } from "./output.ts";

/** Tables for a page or a comment, one for each application. */
export const writeMarkdown: ClaimsOutput = async ({ head, rows }, write) => {
  await write(`${headMarkdown(head)}\n`);
  let application: string | undefined;
  for await (const row of rows) {
    if (row.application !== application) {
      await write(`\n### ${code(row.application)}\n\n${line(["person", "outcome", "bytes", "groups"])}`);
      await write(line(["---", "---", "---:", "---"]));
    }
    application = row.application;
    const bytes = row.idTokenBytes === 0 ? "" : String(row.idTokenBytes);
    await write(line([code(row.person), row.outcome, bytes, detail(row)]));
  }
};

/** What the claims are a model of, as a list. */
export function headMarkdown(head: Parameters<typeof headLines>[0]): string {
  return headLines(head)
    .map(([name, value]) => `- ${name}: ${code(value)}`)
    .join("\n");
}

function detail({ reason, groups, marks }: ClaimsRow): string {
  const said = reason === undefined ? groups.map(code).join(", ") || "none" : code(reason);
  return marks.length === 0 ? said : `${said} (${marks.map(code).join(", ")})`;
}

/**
 * A row of a table. A bar in a cell would end it, in code too, so it is escaped. One after a backslash, which
 * some readers of Markdown take for escaped and some do not, is shown by its number.
 */
export function line(cells: readonly string[]): string {
  const escaped = (cell: string) => cell.replaceAll("\\|", "\\\\u{7c}").replaceAll("|", "\\|");
  return `| ${cells.map(escaped).join(" | ")} |\n`;
}

/** A text as Markdown shows it: as code, in which nothing is a mention, a link, HTML or emphasis. */
export function code(text: string): string {
  const shown = plain(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^`|`$|^ .* $/.test(shown) || shown.trim() === "" ? " " : "";
  return `${fence}${padding}${shown}${padding}${fence}`;
}
