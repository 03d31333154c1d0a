import { foldAfter, isCut, namesIn, WHERE_ALL_ARE } from "./fold.ts";
import type { ClaimsRow } from "./model.ts";
import { ClaimsTally, headLines, plain } from "./output.ts";
import type { ClaimsOutput } from "./output.ts";

const WORDS: Readonly<Record<ClaimsRow["outcome"], string>> = {
  "signed-in": "signed in",
  denied: "denied",
  failed: "failed",
};

/**
 * A table for people, with a heading for each application. On a terminal of so many columns lines are folded
 * and long lists of groups are cut; elsewhere each row is a line, with all of them.
 */
export const writeText =
  (personWidth: number, columns?: number): ClaimsOutput =>
  async ({ head, rows }, write) => {
    await write(`${headText(head, columns)}\n`);
    const tally = new ClaimsTally();
    let application: string | undefined;
    let cut = false;
    for await (const { row, severalWays } of pairwise(rows)) {
      tally.add(row);
      if (row.application !== application) await write(`\n${plain(row.application)}\n`);
      application = row.application;
      const { person, outcome, idTokenBytes } = row;
      const bytes = idTokenBytes === 0 ? "" : `${idTokenBytes} B`;
      const cells = [plain(person).padEnd(personWidth), WORDS[outcome].padEnd(9), bytes.padStart(8)];
      cut ||= isCut(row.groups, columns);
      const said = detail(row, severalWays, columns);
      await write(`${foldAfter(`  ${cells.join("  ")}  `, said, columns).trimEnd()}\n`);
    }
    const end = cut ? `${ending(tally)} ${WHERE_ALL_ARE}` : ending(tally);
    await write(`\n${foldAfter("", end, columns)}\n`);
  };

/** What the claims are a model of, in lines. */
export function headText(head: Parameters<typeof headLines>[0], columns?: number): string {
  const lines = headLines(head);
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    "A model of sign-ins:",
    ...lines.map(([name, value], index) => {
      const again = lines[index - 1]?.[0] === name;
      return foldAfter(`  ${(again ? "" : name).padEnd(width)}  `, plain(value), columns);
    }),
  ].join("\n");
}

/** Each row, and whether the person reaches the application by more than one connection. */
async function* pairwise(
  rows: AsyncIterable<ClaimsRow>,
): AsyncGenerator<{ row: ClaimsRow; severalWays: boolean }> {
  let held: ClaimsRow | undefined;
  let again = false;
  for await (const row of rows) {
    const same = held?.application === row.application && held.person === row.person;
    if (held !== undefined) yield { row: held, severalWays: again || same };
    [held, again] = [row, same];
  }
  if (held !== undefined) yield { row: held, severalWays: again };
}

function detail(
  { reason, groups, marks, connection }: ClaimsRow,
  severalWays: boolean,
  columns?: number,
): string {
  const said = reason === undefined ? namesIn(groups.map(plain), columns) || "no groups" : plain(reason);
  const notes = [...marks, ...(severalWays ? [`by ${plain(connection)}`] : [])];
  return `${said}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
}

function ending({ outcomes, largest }: ClaimsTally): string {
  const counts = Object.entries(outcomes)
    .filter(([outcome, count]) => count > 0 || outcome === "signed-in")
    .map(([outcome, count]) => `${count} ${WORDS[outcome as ClaimsRow["outcome"]]}`);
  if (largest === undefined) return `${counts.join(", ")}.`;
  const { idTokenBytes, person, application } = largest;
  return `${counts.join(", ")}. The largest ID token is ${plain(person)}'s for ${plain(application)}: ${idTokenBytes} bytes.`;
}
