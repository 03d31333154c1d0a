import { UserError } from "../packages/local-tenant/src/lib/errors.ts";
import { runCheck } from "./access/run.ts";
import { writeDifferenceCsv } from "./against/csv.ts";
import { differencesOf } from "./against/difference.ts";
import { writeDifferenceJson } from "./against/json.ts";
import { writeDifferenceMarkdown } from "./against/markdown.ts";
import { isDifferent } from "./against/output.ts";
import type { DifferenceOutput } from "./against/output.ts";
import { DifferenceTally } from "./against/tally.ts";
import { writeDifferenceText } from "./against/text.ts";
import type { Format, ReviewArguments } from "./arguments.ts";
import { runWithClaims } from "./claims-run.ts";
import type { ClaimsRun } from "./claims-run.ts";
import { writeCsv } from "./claims/csv.ts";
import { writeJson } from "./claims/json.ts";
import { writeMarkdown } from "./claims/markdown.ts";
import type { ClaimsOutput } from "./claims/output.ts";
import type { Person } from "./claims/people.ts";
import { writeText } from "./claims/text.ts";
import { runComment } from "./comment/run.ts";
import { runWhy } from "./why/run.ts";

/**
 * Runs what was asked for, and writes it to standard output.
 * @returns the exit code.
 * @throws {UserError} for what keeps it from being made.
 */
export async function runCommand(root: string, asked: ReviewArguments): Promise<number> {
  const { command, format } = asked;
  if (command.name === "claims") return runClaims(root, asked);
  if (command.name === "comment") return runComment(root, { ...asked, ...command });
  if (format === "csv") throw new UserError(`--csv means nothing to ${command.name}.`);
  if (command.name === "check") return runCheck(root, { ...asked, ...command, format });
  return runWhy(root, { ...asked, ...command, format });
}

/** Columns of an email in a table: one that is longer does not move everybody else's row. */
const MOST_WIDTH = 40;

function personWidth(people: readonly Person[]): number {
  return people.reduce(
    (most, { employee }) => Math.max(most, Math.min(employee.email.length, MOST_WIDTH)),
    0,
  );
}

/** Makes the claims, or what is different in them. */
async function runClaims(root: string, asked: ReviewArguments): Promise<number> {
  return runWithClaims(root, asked, async (run) => {
    const width = personWidth(run.directory.people);
    if (asked.against !== undefined) return writeDifference(run, asked, asked.against, width);
    await OUTPUTS[asked.format](width, run.columns)(await run.side(), run.write);
    return 0;
  });
}

async function writeDifference(
  run: ClaimsRun,
  { format, exitCode }: ReviewArguments,
  ref: string,
  width: number,
): Promise<number> {
  const [before, after] = await run.sides(ref);
  const changes = differencesOf(before.rows, after.rows);
  const difference = { before: before.head, after: after.head, changes };
  const tally = new DifferenceTally();
  await DIFFERENCE_OUTPUTS[format](width, run.columns)(difference, tally, run.write);
  return exitCode && isDifferent(difference, tally) ? 1 : 0;
}

const OUTPUTS: Readonly<Record<Format, (personWidth: number, columns?: number) => ClaimsOutput>> = {
  text: writeText,
  json: () => writeJson,
  csv: () => writeCsv,
  markdown: () => writeMarkdown,
};

const DIFFERENCE_OUTPUTS: Readonly<
  Record<Format, (personWidth: number, columns?: number) => DifferenceOutput>
> = {
  text: writeDifferenceText,
  json: () => writeDifferenceJson,
  csv: () => writeDifferenceCsv,
  markdown: () => writeDifferenceMarkdown,
};
