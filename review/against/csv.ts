import { modelOf, record } from "../claims/csv.ts";
import type { ClaimsChange } from "../claims/model.ts";
import { bytesOf } from "./difference.ts";
import { titleOf } from "./output.ts";
import type { DifferenceOutput } from "./output.ts";

const COLUMNS: readonly (readonly [name: string, value: (change: ClaimsChange) => string | number])[] = [
  ["application", ({ application }) => application],
  ["person", ({ person }) => person],
  ["department", ({ before, after }) => (after ?? before)?.department ?? ""],
  ["directory", ({ before, after }) => (after ?? before)?.directory ?? ""],
  ["kinds", ({ kinds }) => kinds.join("; ")],
  ["gained", ({ gained }) => gained.join("; ")],
  ["lost", ({ lost }) => lost.join("; ")],
  ["outcome_before", ({ before }) => before?.outcome ?? ""],
  ["outcome_after", ({ after }) => after?.outcome ?? ""],
  ["reason_after", ({ after }) => after?.reason ?? ""],
  ["bytes_before", ({ before }) => (before === undefined ? "" : bytesOf(before))],
  ["bytes_after", ({ after }) => (after === undefined ? "" : bytesOf(after))],
];

/** A table for a spreadsheet (RFC 4180), whose last column says in every record what is held against what. */
export const writeDifferenceCsv: DifferenceOutput = async (difference, tally, write) => {
  const model = `between: ${titleOf(difference)}; ${modelOf(difference.after)}`;
  await write(record([...COLUMNS.map(([name]) => name), "model"]));
  for await (const change of difference.changes) {
    tally.add(change);
    await write(record([...COLUMNS.map(([, value]) => value(change)), model]));
  }
};
