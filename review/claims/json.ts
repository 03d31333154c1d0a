import { ClaimsTally } from "./output.ts";
import type { ClaimsOutput } from "./output.ts";

/** One JSON document, with a line for each row. */
export const writeJson: ClaimsOutput = async ({ head, rows }, write) => {
  await write(`{"head":${JSON.stringify(head)},\n"rows":[`);
  const tally = new ClaimsTally();
  let separator = "\n";
  for await (const row of rows) {
    tally.add(row);
    await write(`${separator}${JSON.stringify(row)}`);
    separator = ",\n";
  }
  await write(`\n],\n"outcomes":${JSON.stringify(tally.outcomes)}}\n`);
};
