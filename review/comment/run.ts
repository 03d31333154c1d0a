import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { differencesOf, headDifferences } from "../against/difference.ts";
import { phrasesOf } from "../against/output.ts";
import { DifferenceTally } from "../against/tally.ts";
import type { CommentCommand } from "../arguments.ts";
import { runWithClaims } from "../claims-run.ts";
import type { ClaimsAsked } from "../claims-run.ts";
import { shortCode } from "./names.ts";
import type { ClaimsSide } from "../claims/model.ts";
import type { PersonLine, Summary } from "./summary.ts";
import { commentOf, wholeOf } from "./texts.ts";
import { TokenTally } from "./token-tally.ts";

/**
 * Makes a pull request's comment, and writes it to standard output or, with the whole beside it, into a
 * folder.
 * @returns the exit code.
 * @throws {UserError} for what keeps the claims from being made.
 */
export function runComment(root: string, asked: ClaimsAsked & CommentCommand): Promise<number> {
  return runWithClaims(root, asked, async (run) => {
    const [before, after] = await run.sides(asked.against);
    const summary = await summarised(before, after, asked);
    if (asked.out === undefined) {
      await run.write(commentOf(summary, "what --out DIR writes"));
      return 0;
    }
    const folder = resolve(asked.out);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "comment.md"), commentOf(summary));
    writeFileSync(join(folder, "whole.md"), wholeOf(summary));
    return 0;
  });
}

/** Takes the rows of both sides, and keeps numbers alone unless people were asked for. */
export async function summarised(
  before: ClaimsSide,
  after: ClaimsSide,
  asked: Pick<CommentCommand, "people">,
): Promise<Summary> {
  const [tally, sizes] = [new DifferenceTally(), new TokenTally()];
  const people: PersonLine[] = [];
  for await (const change of differencesOf(sizes.before(before.rows), sizes.after(after.rows))) {
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
    ...(asked.people && { people }),
  };
}
