import type { ClaimsRow } from "./model.ts";
import { ClaimsTally, headLines, plain } from "./output.ts";
import type { ClaimsOutput } from "./output.ts";

const WORDS: Readonly<Record<ClaimsRow["outcome"], string>> = {
  "signed-in": "signed in",
  denied: "denied",
  failed: "failed",
};

/** A table for a terminal, with a heading for each application. */
export const writeText =
  (personWidth: number): ClaimsOutput =>
  async ({ head, rows }, write) => {
    await write(`${headText(head)}\n`);
    const tally = new ClaimsTally();
    let application: string | undefined;
    for await (const { row, severalWays } of pairwise(rows)) {
      tally.add(row);
      if (row.application !== application) await write(`\n${plain(row.application)}\n`);
      application = row.application;
      const { person, outcome, idTokenBytes } = row;
      const bytes = idTokenBytes === 0 ? "" : `${idTokenBytes} B`;
      const columns = [plain(person).padEnd(personWidth), WORDS[outcome].padEnd(9), bytes.padStart(8)];
      await write(`  ${columns.join("  ")}  ${detail(row, severalWays)}`.trimEnd() + "\n");
    }
    await write(`\n${ending(tally)}\n`);
  };

/** What the claims are a model of, in lines. */
export function headText(head: Parameters<typeof headLines>[0]): string {
  const lines = headLines(head);
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    "A model of sign-ins:",
    ...lines.map(([name, value], index) => {
      const again = lines[index - 1]?.[0] === name;
      return `  ${(again ? "" : name).padEnd(width)}  ${plain(value)}`;
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

function detail({ reason, groups, marks, connection }: ClaimsRow, severalWays: boolean): string {
  const said = reason === undefined ? groups.map(plain).join(", ") || "no groups" : plain(reason);
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
