import { ClaimsTally } from "./output.ts";
import type { ClaimsOutput } from "./output.ts";

/**
 * A value as JSON. What would move a terminal's cursor, or turn a line around, is escaped; JSON itself leaves
 * some of that as it is, and whoever parses it gets the same either way.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu,
    (character) =>
      Array.from({ length: character.length }, (_, index) => {
        return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
      }).join(""),
  );
}

/** One JSON document, with a line for each row. */
export const writeJson: ClaimsOutput = async ({ head, rows }, write) => {
  await write(`{"head":${jsonText(head)},\n"rows":[`);
  const tally = new ClaimsTally();
  let separator = "\n";
  for await (const row of rows) {
    tally.add(row);
    await write(`${separator}${jsonText(row)}`);
    separator = ",\n";
  }
  await write(`\n],\n"outcomes":${JSON.stringify(tally.outcomes)}}\n`);
};
