import type { Directory } from "../../packages/local-tenant/src/index.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";
import type { ClaimsHead } from "../claims/model.ts";
import { isSame } from "./scope.ts";
import type { AccessRule } from "./kinds.ts";

/** Every name that rules can speak of. */
export interface KnownNames {
  readonly applications: readonly string[];
  readonly directories: readonly string[];
  readonly people: readonly string[];
  readonly departments: readonly string[];
  readonly directoryGroups: readonly string[];
}

export function knownNames(
  { applications }: Pick<ClaimsHead, "applications">,
  company: Directory,
): KnownNames {
  const all = [company, ...(company.directories ?? [])];
  const employees = all.flatMap((directory) => directory.employees);
  return {
    applications,
    directories: all.map(({ domain }) => domain),
    people: employees.map(({ email }) => email),
    departments: [...new Set(employees.map(({ department }) => department))],
    directoryGroups: [...new Set(all.flatMap(({ groups }) => groups.map(({ name }) => name)))],
  };
}

const FIELDS: Readonly<Record<string, readonly [known: keyof KnownNames, what: string]>> = {
  in: ["applications", "application"],
  directories: ["directories", "directory"],
  departments: ["departments", "department"],
  people: ["people", "person with the email"],
  exceptPeople: ["people", "person with the email"],
  whoever: ["directoryGroups", "group in the directory"],
  exceptWhoever: ["directoryGroups", "group in the directory"],
};

/** A sentence for each name in a rule that does not exist, with the nearest that does. */
export function unknownIn({ says }: AccessRule, known: KnownNames): string[] {
  return Object.entries(says).flatMap(([field, names]) => {
    const [list, what] = FIELDS[field] ?? [];
    // `people` of `atMost` is a number.
    if (list === undefined || !Array.isArray(names)) return [];
    // SAFETY: a field that is a list is one of names.
    return (names as string[])
      .filter((name) => !known[list].some((each) => (list === "people" ? isSame(each, name) : each === name)))
      .map(
        (name) => `${field}: there is no ${what} ${JSON.stringify(name)}.${didYouMean(name, known[list])}`,
      );
  });
}
