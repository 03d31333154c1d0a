import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadDirectory } from "../../packages/local-tenant/src/directory/directory.ts";
import { ContractsCheck, readContractsOfEither } from "../access/contracts.ts";
import { differencesOf, headDifferences } from "../against/difference.ts";
import { phrasesOf } from "../against/output.ts";
import { DifferenceTally } from "../against/tally.ts";
import type { CommentCommand } from "../arguments.ts";
import { runWithClaims } from "../claims-run.ts";
import type { ClaimsAsked } from "../claims-run.ts";
import { shortCode } from "./names.ts";
import type { ClaimsRow, ClaimsSide } from "../claims/model.ts";
import type { PersonLine, Summary } from "./summary.ts";
import { commentOf, wholeOf } from "./texts.ts";
import { TokenTally } from "./token-tally.ts";

/**
 * Makes a pull request's comment, and writes it to standard output or, with the whole beside it, into a
 * folder.
 * @returns the exit code.
 * @throws {UserError} for what keeps the claims from being made.
 */
export async function runComment(root: string, asked: ClaimsAsked & CommentCommand): Promise<number> {
  const contracts = await readContractsOfEither(root, asked.against);
  return runWithClaims(root, asked, async (run) => {
    const [before, after] = await run.sides(asked.against);
    const { head, model } = after;
    const directory = loadDirectory(run.directory.source.file);
    const check =
      contracts && new ContractsCheck(contracts, { head, directory, ...(model !== undefined && { model }) });
    const summary = await summarised(before, after, asked, check);
    if (asked.out === undefined) {
      await run.write(commentOf(summary, "what --out DIR writes"));
    } else {
      const folder = resolve(asked.out);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "comment.md"), commentOf(summary));
      writeFileSync(join(folder, "whole.md"), wholeOf(summary));
    }
    return (summary.access?.total ?? 0) > 0 ? 1 : 0;
  });
}

/** Takes the rows of both sides, and keeps numbers alone unless people were asked for. */
export async function summarised(
  before: ClaimsSide,
  after: ClaimsSide,
  asked: Pick<CommentCommand, "people">,
  check?: ContractsCheck,
): Promise<Summary> {
  const [tally, sizes] = [new DifferenceTally(), new TokenTally()];
  const people: PersonLine[] = [];
  const rows = check === undefined ? after.rows : checked(after.rows, check);
  for await (const change of differencesOf(sizes.before(before.rows), sizes.after(rows))) {
    tally.add(change);
    const { application, person } = change;
    if (asked.people) people.push({ application, person, happened: phrasesOf(change, shortCode).join("; ") });
  }
  return {
    before: before.head,
    after: after.head,
    head: headDifferences(before.head, after.head),
    changed: tally.applications,
    sizes: sizes.applications,
    ...(check !== undefined && { access: check.report() }),
    people,
  };
}

async function* checked(rows: AsyncIterable<ClaimsRow>, check: ContractsCheck): AsyncGenerator<ClaimsRow> {
  for await (const row of rows) {
    check.add(row);
    yield row;
  }
}
