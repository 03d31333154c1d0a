import { code, headMarkdown, line } from "../claims/markdown.ts";
import { phrasesOf, summaryLines, titleOf } from "./output.ts";
import type { DifferenceOutput } from "./output.ts";

/** Who gains or loses what, in a table for each application, and at the end how many. */
export const writeDifferenceMarkdown: DifferenceOutput = async (difference, tally, write) => {
  await write(`Between ${code(titleOf(difference))}:\n\n${headMarkdown(difference.after)}\n`);
  let application: string | undefined;
  for await (const change of difference.changes) {
    tally.add(change);
    if (change.application !== application) {
      await write(
        `\n### ${code(change.application)}\n\n${line(["person", "difference"])}${line(["---", "---"])}`,
      );
    }
    application = change.application;
    await write(line([code(change.person), phrasesOf(change, code).join("; ")]));
  }
  const lines = summaryLines(difference, tally, code).map(
    ({ depth, text }) => `${"  ".repeat(depth)}- ${text}\n`,
  );
  await write(`\n${lines.join("")}`);
};
