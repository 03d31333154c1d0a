import { plain } from "../claims/output.ts";
import { headText } from "../claims/text.ts";
import { phrasesOf, summaryLines, titleOf } from "./output.ts";
import type { DifferenceOutput } from "./output.ts";

/** Who gains or loses what, for a terminal, and at the end how many. */
export const writeDifferenceText =
  (personWidth: number): DifferenceOutput =>
  async (difference, tally, write) => {
    await write(`What is different between ${plain(titleOf(difference))}.\n${headText(difference.after)}\n`);
    let application: string | undefined;
    for await (const change of difference.changes) {
      tally.add(change);
      if (change.application !== application) await write(`\n${plain(change.application)}\n`);
      application = change.application;
      await write(`  ${plain(change.person).padEnd(personWidth)}  ${phrasesOf(change, plain).join("; ")}\n`);
    }
    const lines = summaryLines(difference, tally, plain).map(
      ({ depth, text }) => `${"  ".repeat(depth)}${text}\n`,
    );
    await write(`\n${lines.join("")}`);
  };
