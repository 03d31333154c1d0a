import type { ClaimsHead, ClaimsRow } from "./model.ts";
import { headLines, plain } from "./output.ts";
import type { ClaimsOutput } from "./output.ts";

const COLUMNS: readonly (readonly [name: string, value: (row: ClaimsRow) => string | number])[] = [
  ["application", (row) => row.application],
  ["person", (row) => row.person],
  ["department", (row) => row.department ?? ""],
  ["directory", (row) => row.directory],
  ["connection", (row) => row.connection],
  ["outcome", (row) => row.outcome],
  ["reason", (row) => row.reason ?? ""],
  ["groups", (row) => row.groups.join("; ")],
  ["marks", (row) => row.marks.join("; ")],
  ["source", (row) => row.source ?? ""],
  ["id_token_bytes", (row) => row.idTokenBytes],
  ["access_token_bytes", (row) => row.accessTokenBytes],
  ["profile_bytes", (row) => row.profileBytes],
  ["directory_groups", (row) => row.directoryGroups.join("; ")],
];

/**
 * A table for a spreadsheet (RFC 4180). The head is in its last column, in every row, so that a part of the
 * table still says what it is a model of.
 */
export const writeCsv: ClaimsOutput = async ({ head, rows }, write) => {
  const model = modelOf(head);
  await write(record([...COLUMNS.map(([name]) => name), "model"]));
  for await (const row of rows) await write(record([...COLUMNS.map(([, value]) => value(row)), model]));
};

/** What the claims are a model of, in one cell. */
export function modelOf(head: ClaimsHead): string {
  return headLines(head)
    .map(([name, value]) => `${name}: ${value}`)
    .join("; ");
}

/**
 * One record. Control characters are shown by their number, as on a terminal; fields with a comma or a quote
 * are quoted, and a quote in one is doubled.
 */
export function record(fields: readonly (string | number)[]): string {
  const cells = fields.map((field) => {
    const text = typeof field === "number" ? String(field) : harmless(plain(field));
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(",")}\r\n`;
}

/**
 * A spreadsheet takes what begins like this for a formula, which could send the table elsewhere. An
 * apostrophe makes it a text; also after a semicolon, where a spreadsheet of many countries begins a cell.
 */
function harmless(text: string): string {
  return text.replaceAll(/(^|;)(\s*)(?=[=+\-@＝＋－＠])/g, "$1$2'");
}
