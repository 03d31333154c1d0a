import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContractsCheck } from "../../../review/access/contracts.ts";
import { readAccess } from "../../../review/access/read.ts";
import { line } from "../../../review/claims/markdown.ts";
import { MARKER } from "../../../review/comment/contents.ts";
import { summarised } from "../../../review/comment/run.ts";
import { commentOf } from "../../../review/comment/texts.ts";
import { CHECKOUT } from "../../support/sample.ts";
import { stream } from "../support/side.ts";
import { changedApplication, CONTRACTS_FILE } from "./company.ts";
import { withCompany } from "./run.ts";
import type { Verdict } from "./run.ts";

/** A part of a page that is written by `npm run review:examples`. */
export interface Part {
  readonly page: string;
  readonly name: string;
  readonly text: string;
}

/** What caught which mistake. */
export function mistakesPart(verdicts: readonly Verdict[]): Part {
  const cell = (texts: readonly string[]) => texts.join("; ") || "-";
  const text = [
    line(["made in", "mistake", "violated contracts", "shown in the difference"]),
    line(["---", "---", "---", "---"]),
    ...verdicts.map(({ in: place, done, contracts, difference }) =>
      line([place, done, cell(contracts), cell(difference)]),
    ),
  ].join("");
  return { page: "docs/review.md", name: "seeded mistakes", text };
}

/** The comment of a change after which nobody can read in the wiki any more. */
export async function commentPart(): Promise<Part> {
  const policy = { include: ["SG-APP-Wiki-W*"], stripPrefix: "SG-APP-Wiki-" };
  const [before, after] = await withCompany(async (claimsOf) => [
    await claimsOf({}),
    await claimsOf({ config: changedApplication("wiki", { groupPolicy: policy }) }),
  ]);
  if (before === undefined || after === undefined) throw new Error("Both sides have claims.");
  const file = readAccess(readFileSync(CONTRACTS_FILE, "utf8"), "access.yaml");
  const { head, model, directory } = after;
  const check = new ContractsCheck(
    { file, older: { ref: "main", file } },
    { head, directory, ...(model && { model }) },
  );
  const summary = await summarised(
    { head: { ...before.head, ref: "main (c53887b57d)" }, rows: stream(before.rows) },
    { head, rows: stream(after.rows) },
    { people: false },
    check,
  );
  const text = commentOf(summary)
    .replace(`${MARKER}\n`, "")
    .trimEnd()
    .replaceAll(/^(?=.)/gm, "> ")
    .replaceAll(/^$/gm, ">");
  return { page: "README.md", name: "claims comment", text: `${text}\n` };
}

/** What the page has between the part's marks. */
export function shown({ page, name }: Part): string | undefined {
  return patternOf(name).exec(readFileSync(join(CHECKOUT, page), "utf8"))?.[2];
}

export function write(part: Part): void {
  const file = join(CHECKOUT, part.page);
  const text = readFileSync(file, "utf8");
  if (shown(part) === undefined) throw new Error(`${part.page} has no marks of ${part.name}.`);
  const replaced = text.replace(patternOf(part.name), (_all, begin: string) => begin + part.text + END);
  writeFileSync(file, replaced);
}

const END = "\n<!-- prettier-ignore-end -->\n";

/** The marks, and what is between them; before it was ever written, there is nothing. */
function patternOf(name: string): RegExp {
  return new RegExp(
    `(<!-- ${name} -->\\n<!-- prettier-ignore-start -->\\n\\n)(?:([^]*?)${END}|<!-- prettier-ignore-end -->\\n)`,
  );
}
