import type { headDifferences } from "../against/difference.ts";
import type { ApplicationCount } from "../against/tally.ts";
import type { AccessReport } from "../access/report.ts";
import type { ClaimsHead } from "../claims/model.ts";
import type { ApplicationSize } from "./token-tally.ts";

/**
 * What a comment is made of: names of groups, applications and rules, and numbers. People are in it when they
 * were asked for.
 */
export interface Summary {
  readonly before: ClaimsHead;
  readonly after: ClaimsHead;
  readonly head: ReturnType<typeof headDifferences>;
  /** Those where anything is different. */
  readonly changed: readonly ApplicationCount[];
  readonly sizes: readonly ApplicationSize[];
  /** Absent where the project has no contracts. */
  readonly access?: AccessReport;
  /** What happened to whom; nobody unless it was asked for. */
  readonly people: readonly PersonLine[];
}

export interface PersonLine {
  readonly application: string;
  readonly person: string;
  /** In Markdown. */
  readonly happened: string;
}
