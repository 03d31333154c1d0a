import { code } from "../claims/markdown.ts";
import { COMMENT_LIMITS, NO_LIMITS, page } from "./blocks.ts";
import { contentsOf } from "./contents.ts";
import { shortCode } from "./names.ts";
import type { Summary } from "./summary.ts";

/** The comment as it is posted: short enough, and it says where the rest is. */
export function commentOf(summary: Summary, where = "in whole.md, in the artifact of this run"): string {
  return page(contentsOf(summary, shortCode), COMMENT_LIMITS, `; the whole is ${where}`);
}

/** Everything, for a file. */
export function wholeOf(summary: Summary): string {
  return page(contentsOf(summary, code), NO_LIMITS);
}
