import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { writeWhole } from "../../packages/local-tenant/src/lib/write-whole.ts";
import type { DirectoryArguments } from "./arguments.ts";
import { Collection } from "./collect.ts";
import { tenantJson } from "./document.ts";
import type { TenantPlan } from "./document.ts";
import { readExisting } from "./existing.ts";
import type { DirectoryFile } from "./existing.ts";
import { recogniseFile } from "./formats/recognise.ts";
import type { ExportFile } from "./formats/recognise.ts";
import { arePseudonyms, pseudonymKey } from "./pseudonym.ts";
import type { Row } from "./rows.ts";

/** Rows that are wrong and are named; of those after them there is a count. */
const MOST_NAMED = 20;

/** What an import needs from outside. */
export interface ImportSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws where people must not be written into this file. */
  readonly refuseOut: (file: string) => void;
  /** A line for the person: what was read and written. */
  readonly say: (text: string) => void;
  /** A line about what is wrong. */
  readonly complain: (text: string) => void;
}

/**
 * Writes a directory's file from the files of an export, or nothing where a row of them cannot be used.
 * @param request Its file names are absolute, or relative to the working directory.
 * @returns the exit code.
 * @throws {UserError} where the import cannot be made.
 */
export function importDirectory(
  request: DirectoryArguments & { readonly out: string },
  { env, refuseOut, say, complain }: ImportSurroundings,
): number {
  const { out, directory } = request;
  refuseOut(out);
  const key = request.pseudonymous ? pseudonymKey(request, env) : undefined;
  const existing = directory === undefined ? undefined : readExisting(out, directory);
  // Whoever hands the file on believes that it names nobody.
  if (key === undefined && existing !== undefined && arePseudonyms(existing.employees)) {
    throw new UserError(
      `The people of ${out} are pseudonyms, and this import would put names beside them. Give --pseudonymous too.`,
    );
  }
  const files = request.files.map(recogniseFile);
  const collection = new Collection(request.files, directory?.toLowerCase() ?? "");
  if (existing !== undefined) reserve(collection, out, existing);
  files.forEach((file, index) => say(readFile(file, index, collection)));
  collection.finish();
  if (collection.counts.people === 0 && collection.wrong.length === 0) {
    complain(`Nothing was written: there is no person in ${request.files.join(", ")} who may sign in.`);
    return 1;
  }
  if (collection.wrong.length > 0) {
    reportWrong(collection, complain);
    return 1;
  }
  reportCounts(collection, say);
  const domain = directory ?? request.domain ?? collection.commonDomain ?? "";
  const alike = new Map<string, number>();
  const plan = { company: request.company ?? domain, domain, further: existing !== undefined, key, alike };
  writeWhole(out, documentJson(files, collection, plan, existing));
  if (key !== undefined) reportAlike(alike, say);
  const written = `${people(collection.counts.people)} and ${groups(collection.groups().length)}`;
  const who = existing === undefined ? "" : ` of the further directory ${domain}`;
  say(`Wrote ${out}: ${written}${who}. Use it by: npm run claims -- --directory "${out}"`);
  return 0;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

const people = (number: number) => count(number, "person", "people");
const groups = (number: number) => count(number, "group", "groups");

/** Takes a file's rows up, and says what it was. */
function readFile(file: ExportFile, index: number, collection: Collection): string {
  const seen: Record<Row["kind"], number> = { person: 0, group: 0, members: 0, bad: 0 };
  for (const row of file.rows()) {
    collection.add(index, row);
    seen[row.kind] += row.kind === "members" ? row.members.length : 1;
  }
  const parts = [
    ...(seen.person > 0 ? [people(seen.person)] : []),
    ...(seen.group > 0 ? [groups(seen.group)] : []),
    ...(seen.members > 0 ? [count(seen.members, "member of a group", "members of groups")] : []),
    ...(seen.bad > 0 ? [count(seen.bad, "row that is wrong", "rows that are wrong")] : []),
  ];
  return `${file.file}: ${file.format}, ${parts.length === 0 ? "nothing in it" : parts.join(", ")}`;
}

function reportWrong({ wrong }: Collection, complain: (text: string) => void): void {
  for (const { file, line, reason } of wrong.slice(0, MOST_NAMED)) complain(`${file}:${line}: ${reason}`);
  const more = wrong.length - MOST_NAMED;
  if (more > 0) complain(`... and ${more} more`);
  complain(`Nothing was written: ${wrong.length} ${wrong.length === 1 ? "row is" : "rows are"} wrong.`);
}

function reportCounts(collection: Collection, say: (text: string) => void): void {
  const { disabled, unknown, others } = collection.counts;
  if (disabled > 0) say(`Left out: ${count(disabled, "disabled account", "disabled accounts")}`);
  if (others > 0)
    say(`Left out: ${count(others, "membership", "memberships")} of devices, contacts and applications`);
  if (unknown > 0)
    say(`Taken as enabled: ${people(unknown)} of whom the export does not say whether they are`);
  const { namesakes, unlisted } = collection;
  if (unlisted > 0) say(`Without members: ${groups(unlisted)}, of which no file says who is in them`);
  if (namesakes > 0) say(`Taken as one: ${groups(namesakes)} with one of the same name`);
}

/** Says how many people a pseudonym does not hide from whoever knows where they work and what they do. */
function reportAlike(alike: ReadonlyMap<string, number>, say: (text: string) => void): void {
  const alone = [...alike.values()].filter((people) => people === 1).length;
  say(`Can be singled out: ${people(alone)} whose department and groups together nobody else has`);
}

function reserve(collection: Collection, out: string, existing: DirectoryFile): void {
  for (const { employees, groups } of [existing, ...(existing.directories ?? [])]) {
    collection.reserve(
      out,
      [...employees, ...groups].map(({ id }) => id),
      employees.map(({ email }) => email),
    );
  }
}

function* documentJson(
  files: readonly ExportFile[],
  collection: Collection,
  plan: TenantPlan,
  existing: DirectoryFile | undefined,
): Generator<string, void> {
  if (existing === undefined) {
    yield "{\n";
    yield* tenantJson(files, collection, plan);
    yield "\n}\n";
    return;
  }
  const { directories = [], ...company } = existing;
  yield `${JSON.stringify(company).slice(0, -1)},\n"directories": [\n`;
  for (const other of directories) yield `${JSON.stringify(other)},\n`;
  yield "{\n";
  yield* tenantJson(files, collection, plan);
  yield "\n}\n]\n}\n";
}
