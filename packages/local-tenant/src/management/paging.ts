import { integer, boolean } from "./json-schema.ts";
import type { Schema } from "./json-schema.ts";
import type { Query } from "./operation.ts";

/** Query parameters of lists that page by number. */
export const pageQuery: Readonly<Record<string, Schema>> = {
  page: integer(0),
  per_page: integer(0, 100),
  include_totals: boolean,
};

/** Query parameters of lists that page by checkpoint. */
export const checkpointQuery: Readonly<Record<string, Schema>> = { take: integer(1, 100) };

/** One page of a list, by number. */
interface Page<Row> {
  readonly rows: Row[];
  readonly start: number;
  readonly limit: number;
  readonly total: number;
}

/** Cuts out the page that the query asks for; 50 rows by default. */
function pageOf<Row>(rows: readonly Row[], query: Query, perPage = 50): Page<Row> {
  const asked = query["per_page"] === undefined ? perPage : Number(query["per_page"]);
  const limit = asked === 0 ? perPage : asked;
  const start = Number(query["page"] ?? 0) * limit;
  return { rows: rows.slice(start, start + limit), start, limit, total: rows.length };
}

/**
 * The answer of a list that pages by number: an array, or with `include_totals=true` an object under the
 * plural name.
 */
export function listAnswer<Row>(
  name: string,
  rows: readonly Row[],
  query: Query,
  view: (row: Row) => unknown = (row) => row,
): unknown {
  const page = pageOf(rows, query);
  const shown = page.rows.map(view);
  if (query["include_totals"] !== "true") return shown;
  return {
    start: page.start,
    limit: page.limit,
    length: page.rows.length,
    total: page.total,
    [name]: shown,
  };
}

/**
 * The answer of a list of the Actions API. Production leaves `total` out of an empty page and `page` out of
 * the first one. With them, a client that pages while `total` is larger than what it has seen would never
 * stop (recording TestAccTriggerActions).
 */
export function actionsAnswer<Row>(
  name: string,
  rows: readonly Row[],
  query: Query,
  view: (row: Row) => unknown,
): Record<string, unknown> {
  const page = pageOf(rows, query, 20);
  return {
    [name]: page.rows.map(view),
    ...(page.rows.length === 0 ? {} : { total: page.total }),
    ...(page.start === 0 ? {} : { page: page.start / page.limit }),
    per_page: page.limit,
  };
}

/**
 * The answer of a list that pages by checkpoint where the query has `from` or `take`, and by number
 * otherwise.
 */
export function pagedAnswer<Row>(
  name: string,
  rows: readonly Row[],
  query: Query,
  idOf: (row: Row) => string,
  view: (row: Row) => unknown = (row) => row,
): unknown {
  const byCheckpoint = query["from"] !== undefined || query["take"] !== undefined;
  if (byCheckpoint) return checkpointAnswer(name, rows, query, idOf, view);
  return listAnswer(name, rows, query, view);
}

/**
 * The answer of a list that pages by checkpoint: `{ [name]: [...], next? }`. The checkpoint is the id of the
 * last row given, so a row that is deleted between two pages costs no other row.
 */
export function checkpointAnswer<Row>(
  name: string,
  rows: readonly Row[],
  query: Query,
  idOf: (row: Row) => string,
  view: (row: Row) => unknown = (row) => row,
): Record<string, unknown> {
  const from = query["from"];
  const after = from === undefined ? -1 : rows.findIndex((row) => encode(idOf(row)) === from);
  const limit = Number(query["take"] ?? 50);
  // A checkpoint that is gone ends the walk instead of beginning it anew.
  const start = from !== undefined && after < 0 ? rows.length : after + 1;
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const more = start + page.length < rows.length && last !== undefined;
  return { [name]: page.map(view), ...(more ? { next: encode(idOf(last)) } : {}) };
}

function encode(id: string): string {
  return Buffer.from(id).toString("base64url");
}
