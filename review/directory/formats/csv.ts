import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";
import { nearest } from "../../../packages/local-tenant/src/lib/nearest.ts";
import { personRow, shown } from "../rows.ts";
import type { BadRow, Row } from "../rows.ts";
import { NOT_UTF8 } from "./parse.ts";
import { linesOf } from "./text.ts";
import type { Line } from "./text.ts";

/** Columns that a file may have, in any order. `groups` holds names with `;` between them. */
export const COLUMNS = [
  "email",
  "name",
  "department",
  "groups",
  "id",
  "givenName",
  "familyName",
  "jobTitle",
  "enabled",
] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Rows of a CSV file (RFC 4180) whose first line names its columns.
 * @throws {UserError} where the head cannot be used.
 */
export function* csvRows(file: string, pieces: Iterable<string>): Generator<Row, void> {
  let head: readonly Column[] | undefined;
  for (const record of recordsOf(linesOf(pieces))) {
    if ("kind" in record) yield record;
    else if (head === undefined) head = columnsOf(file, record.fields);
    else yield csvPerson(head, record);
  }
}

function columnsOf(file: string, fields: readonly string[]): Column[] {
  const refuse = (what: string): never => {
    throw new UserError(`The head of ${file} ${what}. Its columns may be ${COLUMNS.join(", ")}.`);
  };
  const columns = fields.map((field) => {
    const name = field.trim();
    const found = COLUMNS.find((column) => column.toLowerCase() === name.toLowerCase());
    const guess = nearest(name, COLUMNS);
    const hint = guess === undefined ? "" : `, perhaps for ${guess}`;
    return found ?? refuse(`has the column ${shown(name)}${hint}`);
  });
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) refuse(`has the column ${twice} twice`);
  for (const needed of ["email", "groups"] as const) {
    if (!columns.includes(needed)) refuse(`has no column ${needed}`);
  }
  return columns;
}

function csvPerson(head: readonly Column[], { line, fields }: CsvRecord): Row {
  const bad = (reason: string): BadRow => ({ kind: "bad", line, reason });
  if (fields.length !== head.length) {
    return bad(`it has ${fields.length} values, and the head has ${head.length} columns`);
  }
  if (fields.some((field) => field.includes("\uFFFD"))) return bad(NOT_UTF8);
  const row = Object.fromEntries(head.map((column, index) => [column, fields[index]])) as Partial<
    Record<Column, string>
  >;
  const { groups = "", enabled = "", email, ...others } = row;
  const said = enabled.trim().toLowerCase();
  if (!["", "true", "false"].includes(said)) {
    return bad(`its enabled is neither true nor false: ${shown(enabled)}`);
  }
  return personRow(line, {
    ...others,
    email,
    groups: groups.split(";"),
    enabled: said === "" ? undefined : said === "true",
  });
}

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** In characters: a quote that is not closed must not take the rest of a large file with it. */
const LONGEST = 64 * 1024;

/** Records of a file; one with a line break inside quotes takes several lines. */
function* recordsOf(lines: Iterable<Line>): Generator<CsvRecord | BadRow, void> {
  let open: Line | undefined;
  for (const { line, text } of lines) {
    if (open === undefined && text.trim() === "") continue;
    const whole: Line =
      open === undefined ? { line, text } : { line: open.line, text: `${open.text}\n${text}` };
    const fields = whole.text.includes('"') ? quotedFields(whole.text) : whole.text.split(",");
    open = fields === "open" ? whole : undefined;
    if (whole.text.length > LONGEST) break;
    if (fields === "wrong") {
      yield {
        kind: "bad",
        line: whole.line,
        reason: 'a " stands where RFC 4180 has none; write "" for one',
      };
    } else if (fields !== "open") {
      yield { line: whole.line, fields };
    }
  }
  if (open !== undefined) yield { kind: "bad", line: open.line, reason: 'a " is not closed again' };
}

const FIELD = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

/** The values of a record with quotes; `open` where a quote is still open at its end. */
function quotedFields(text: string): string[] | "open" | "wrong" {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const rest = FIELD.lastIndex;
    const found = FIELD.exec(text);
    if (found === null) return isOpen(text.slice(rest)) ? "open" : "wrong";
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === "") return fields;
  }
}

function isOpen(rest: string): boolean {
  return rest.startsWith('"') && rest.slice(1).replaceAll('""', "").indexOf('"') === -1;
}
