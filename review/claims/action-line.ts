import type { Trace } from "../../packages/local-tenant/src/index.ts";
import { compareText } from "./model.ts";

/** What the Action's log line says of one run (docs/action.md). */
export interface ActionLine {
  /** Which source answered. */
  readonly source?: string;
  /** The outcome unless it is `ok`, and `large-profile`; sorted. */
  readonly marks: readonly string[];
}

const LINE = /^workforce-sso source=(\S+) groups=\d+ ms=\d+ outcome=(\S+)(.*)$/;

/**
 * Reads the Action's log line in a trace; nothing is known where there is none, since no Action of this stack
 * ran.
 */
export function readActionLine(trace: Trace | undefined): ActionLine {
  const lines = (trace?.actions ?? []).flatMap(({ console }) => console.map(({ text }) => text));
  for (const line of lines) {
    const [, source = "none", outcome = "ok", notes = ""] = LINE.exec(line) ?? [];
    if (!LINE.test(line)) continue;
    const marks = [
      ...(outcome === "ok" ? [] : [outcome]),
      ...(/(^| )profile=/.test(notes) ? ["large-profile"] : []),
    ];
    return { ...(source !== "none" && { source }), marks: marks.sort(compareText) };
  }
  return { marks: [] };
}
