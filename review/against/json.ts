import { headDifferences } from "./difference.ts";
import type { DifferenceOutput } from "./output.ts";

/** One JSON document, with a line for each change. */
export const writeDifferenceJson: DifferenceOutput = async (difference, tally, write) => {
  const { before, after, changes } = difference;
  const head = headDifferences(before, after);
  await write(`{"before":${JSON.stringify(before)},\n"after":${JSON.stringify(after)},\n`);
  await write(`"head":${JSON.stringify(head)},\n"changes":[`);
  let separator = "\n";
  for await (const change of changes) {
    tally.add(change);
    await write(`${separator}${JSON.stringify(change)}`);
    separator = ",\n";
  }
  await write(`\n],\n"applications":${JSON.stringify(tally.applications)}}\n`);
};
