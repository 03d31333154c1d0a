import { foldAfter, foldLines, isCut, WHERE_ALL_ARE } from "../claims/fold.ts";
import { plain } from "../claims/output.ts";
import { headText } from "../claims/text.ts";
import { phrasesOf, summaryLines, titleOf } from "./output.ts";
import type { DifferenceOutput } from "./output.ts";

/** Who gains or loses what, for a terminal, and at the end how many. */
export const writeDifferenceText =
  (personWidth: number, columns?: number): DifferenceOutput =>
  async (difference, tally, write) => {
    const title = `What is different between ${plain(titleOf(difference))}.`;
    await write(`${foldAfter("", title, columns)}\n${headText(difference.after, columns)}\n`);
    let application: string | undefined;
    let cut = false;
    for await (const change of difference.changes) {
      tally.add(change);
      if (change.application !== application) await write(`\n${plain(change.application)}\n`);
      application = change.application;
      cut ||= [change.gained, change.lost].some((groups) => isCut(groups, columns));
      const said = phrasesOf(change, plain, columns).join("; ");
      await write(`${foldAfter(`  ${plain(change.person).padEnd(personWidth)}  `, said, columns)}\n`);
    }
    const lines = summaryLines(difference, tally, plain).map(
      ({ depth, text }) => `${"  ".repeat(depth)}${text}\n`,
    );
    await write(`\n${foldLines(lines.join(""), columns)}${cut ? `\n${WHERE_ALL_ARE}\n` : ""}`);
  };
