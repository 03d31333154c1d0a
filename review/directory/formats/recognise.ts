import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";
import type { Row } from "../rows.ts";
import { auth0Rows } from "./auth0.ts";
import { csvRows } from "./csv.ts";
import { graphRows } from "./graph.ts";
import { piecesOf } from "./text.ts";

/** A file of an export, whose format is known by what is in it. */
export interface ExportFile {
  readonly file: string;
  /** As the person is told, such as `Microsoft Graph`. */
  readonly format: string;
  /** Reads the file from its start, a row at a time. */
  rows(): Iterable<Row>;
}

/**
 * Finds out what a file is.
 * @throws {UserError} one line, where it is none of the formats.
 */
export function recogniseFile(file: string): ExportFile {
  const start = firstPiece(file).trimStart();
  if (start === "") throw new UserError(`${file} is empty. Give a file of an export.`);
  const of = (format: string, rows: () => Iterable<Row>): ExportFile => ({ file, format, rows });
  const [head = ""] = start.split("\n");
  if (/^[{[]/.test(start)) {
    if (/^\{[^{}[\]]*"(?:user_id|email)"\s*:/.test(head)) return of("Auth0", () => auth0Rows(piecesOf(file)));
    if (/"(?:value|group|displayName|userPrincipalName|@odata\.context)"\s*:/.test(start)) {
      return of("Microsoft Graph", () => graphRows(piecesOf(file)));
    }
    if (/^\[\s*\]/.test(start)) return of("Microsoft Graph", () => graphRows(piecesOf(file)));
  } else if (/(?:^|[,;\t])"?email"?\s*(?:$|[,;\t])/i.test(head.trimEnd())) {
    const other = /[;\t]/.exec(head)?.[0];
    if (other === undefined) return of("CSV", () => csvRows(file, piecesOf(file)));
    const name = other === ";" ? "semicolons" : "tabs";
    throw new UserError(`${file} has ${name} between its columns. Export it with commas (RFC 4180).`);
  }
  throw new UserError(
    `${file} is not an export that can be read: neither Microsoft Graph's JSON, nor Auth0's (a user in each line), nor CSV ` +
      "with the columns email and groups. docs/directory.md shows each.",
  );
}

function firstPiece(file: string): string {
  for (const piece of piecesOf(file)) return piece;
  return "";
}
