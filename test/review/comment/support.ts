import assert from "node:assert/strict";
import type { AccessReport, AccessViolation } from "../../../review/access/report.ts";
import type { ClaimsRow } from "../../../review/claims/model.ts";
import { summarised } from "../../../review/comment/run.ts";
import type { Summary } from "../../../review/comment/summary.ts";
import { headWith, sideOf } from "../support/side.ts";

export const DENIED: Partial<ClaimsRow> = {
  outcome: "denied",
  reason: "No groups.",
  groups: [],
  idTokenBytes: 0,
};
export const ADA = "ada@xyz.example";
export const BO = "bo@xyz.example";
export const CY = "cy@xyz.example";

export function summaryOf(
  before: readonly ClaimsRow[],
  after: readonly ClaimsRow[],
  people = false,
): Promise<Summary> {
  return summarised(sideOf(before, headWith({ ref: "main" })), sideOf(after), { people });
}

/** What somebody has who should not, with values changed. */
export function violation(changes: Partial<AccessViolation> = {}): AccessViolation {
  const says = 'Nobody has "administrators".';
  return { rule: "never[0]", line: 4, application: "portal", says, chain: [], ...changes };
}

export function reportOf(violations: readonly AccessViolation[]): AccessReport {
  return { file: "access.yaml", rules: 2, violations, total: violations.length, notKept: [] };
}

/** The lines of the table under a heading. */
export function tableUnder(text: string, heading: string): string[] {
  const lines = text.split("\n");
  const from = lines.indexOf(heading);
  assert.ok(from >= 0, `${heading} in ${text}`);
  const rows = lines.slice(from + 2);
  return rows.slice(
    0,
    rows.findIndex((row) => !row.startsWith("|")),
  );
}
