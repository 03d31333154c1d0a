import { jsonText } from "../claims/json.ts";
import { headDifferences } from "./difference.ts";
import type { DifferenceOutput } from "./output.ts";

/** One JSON document, with a line for each change. */
export const writeDifferenceJson: DifferenceOutput = async (difference, tally, write) => {
  const { before, after, changes } = difference;
  const head = headDifferences(before, after);
  await write(`{"before":${jsonText(before)},\n"after":${jsonText(after)},\n`);
  await write(`"head":${jsonText(head)},\n"changes":[`);
  let separator = "\n";
  for await (const change of changes) {
    tally.add(change);
    await write(`${separator}${jsonText(change)}`);
    separator = ",\n";
  }
  await write(`\n],\n"applications":${jsonText(tally.applications)}}\n`);
};
