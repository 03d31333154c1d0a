import type { Collection } from "./collect.ts";
import type { ExportFile } from "./formats/recognise.ts";
import { pseudonymise } from "./pseudonym.ts";
import type { PersonRow } from "./rows.ts";

/** How one tenant's part of a directory's file is written. */
export interface TenantPlan {
  readonly company: string;
  readonly domain: string;
  /** Whether it is one of the `directories` beside the company's own. */
  readonly further: boolean;
  /** Of the pseudonyms; people keep their names without one. */
  readonly key: string | Buffer | undefined;
  /** Is told how many people have one department and the same groups, where pseudonyms are written. */
  readonly alike: Map<string, number>;
}

/**
 * A tenant's part as JSON, a person a line: the files are read once more, so that no more than a row of them
 * is held.
 */
export function* tenantJson(
  files: readonly ExportFile[],
  collection: Collection,
  plan: TenantPlan,
): Generator<string, void> {
  const { company, domain, further } = plan;
  yield `"company": ${JSON.stringify(company)},\n`;
  yield `${JSON.stringify(further ? "tenantDomain" : "domain")}: ${JSON.stringify(domain)},\n`;
  yield `"employees": [\n`;
  let before = "";
  for (const employee of people(files, collection, plan)) {
    yield `${before}${employee}`;
    before = ",\n";
  }
  yield `\n],\n"groups": [\n`;
  before = "";
  for (const group of collection.groups()) {
    yield `${before}${JSON.stringify(group)}`;
    before = ",\n";
  }
  yield "\n]";
}

function people(files: readonly ExportFile[], collection: Collection, plan: TenantPlan): Iterable<string> {
  const { key, domain, alike } = plan;
  if (key === undefined) return inOrder(files, (row) => employeeJson(row, collection));
  const rows = inOrder(files, (row) => {
    const known = JSON.stringify([row.department, collection.groupsOf(row).toSorted()]);
    alike.set(known, (alike.get(known) ?? 0) + 1);
    return employeeJson(pseudonymise(row, key, domain), collection, row);
  });
  // The order of the export would tell who is who, where it is that of names: sorted, it tells nothing.
  return [...rows].sort();
}

function* inOrder(files: readonly ExportFile[], write: (row: PersonRow) => string): Generator<string, void> {
  for (const file of files) {
    for (const row of file.rows()) if (row.kind === "person" && row.enabled !== false) yield write(row);
  }
}

/** @param original The person as in the export, by which their groups are known. */
function employeeJson(person: PersonRow, collection: Collection, original = person): string {
  const { email, name, givenName, familyName, department, jobTitle } = person;
  const [id, groups] = [collection.idOf(person), collection.groupsOf(original)];
  return JSON.stringify({ id, email, name, givenName, familyName, department, jobTitle, groups });
}
