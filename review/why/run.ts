import { loadDirectory } from "../../packages/local-tenant/src/directory/directory.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";
import type { Format } from "../arguments.ts";
import { runWithClaims } from "../claims-run.ts";
import type { ClaimsAsked } from "../claims-run.ts";
import type { Person } from "../claims/people.ts";
import { explainerOf } from "./explain.ts";
import type { Explanation } from "./explain.ts";
import { whyJson, whyMarkdown, whyText } from "./output.ts";
import type { WhyOutput } from "./output.ts";

/** What `npm run claims -- why` is asked for. */
export interface WhyAsked extends Omit<ClaimsAsked, "against"> {
  readonly person: string;
  readonly application: string;
  readonly format: Exclude<Format, "csv">;
}

/**
 * Writes why somebody's token of an application has the groups that it has.
 * @returns the exit code.
 * @throws {UserError} one line with the nearest name, for a person or an application that is not there.
 */
export async function runWhy(root: string, asked: WhyAsked): Promise<number> {
  return runWithClaims(root, asked, async (run) => {
    const person = findPerson(asked.person, run.directory.people, run.directory.source.name);
    const { head, model, rows } = await run.side({ person, application: asked.application });
    if (!head.applications.includes(asked.application)) {
      throw new UserError(noApplication(asked.application, head.stack, head.applications));
    }
    const explain = explainerOf(model, loadDirectory(run.directory.source.file));
    const explanations: Explanation[] = [];
    for await (const row of rows) explanations.push(explain(row));
    await run.write(OUTPUTS[asked.format]({ head, explanations }, run.columns));
    return 0;
  });
}

const OUTPUTS: Readonly<Record<WhyAsked["format"], WhyOutput>> = {
  text: whyText,
  json: whyJson,
  markdown: whyMarkdown,
};

/** The email as the directory writes it. */
function findPerson(wanted: string, people: readonly Person[], file: string): string {
  const emails = people.map(({ employee }) => employee.email);
  const found = emails.find((email) => email.toLowerCase() === wanted.trim().toLowerCase());
  if (found !== undefined) return found;
  const quoted = JSON.stringify(wanted);
  throw new UserError(`${file} has nobody with the email ${quoted}.${didYouMean(wanted, emails)}`);
}

function noApplication(wanted: string, stack: string, names: readonly string[]): string {
  const hint = didYouMean(wanted, names) || ` It has ${names.join(", ") || "none"}.`;
  return `The stack ${stack} has no application ${JSON.stringify(wanted)}.${hint}`;
}
