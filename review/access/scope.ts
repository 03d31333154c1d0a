import type { ClaimsRow } from "../claims/model.ts";
import type { AccessRule } from "./kinds.ts";

/** Whom a rule is about, as far as its fields say so. Absent lists are about everybody. */
interface Scope {
  readonly in?: readonly string[];
  readonly people?: readonly string[] | undefined;
  readonly departments?: readonly string[];
  readonly directories?: readonly string[];
  readonly whoever?: readonly string[];
  readonly exceptPeople?: readonly string[];
  readonly exceptWhoever?: readonly string[];
}

/** The fields of a rule that say whom it is about. `people` of `atMost` is a number, and speaks of nobody. */
export function scopeOf({ kind, says }: AccessRule): Scope {
  return kind === "atMost" ? { ...says, people: undefined } : says;
}

/** Tells whether a row is one that the rule is about. */
export function isAbout(scope: Scope, row: ClaimsRow): boolean {
  const { directoryGroups, department } = row;
  const inOne = (list: readonly string[] | undefined) => list?.some((name) => directoryGroups.includes(name));
  return (
    (scope.in?.includes(row.application) ?? true) &&
    (scope.people?.some((email) => isSame(email, row.person)) ?? true) &&
    (scope.departments === undefined ||
      (department !== undefined && scope.departments.includes(department))) &&
    (scope.directories?.includes(row.directory) ?? true) &&
    (inOne(scope.whoever) ?? true) &&
    !(scope.exceptPeople?.some((email) => isSame(email, row.person)) ?? false) &&
    !(inOne(scope.exceptWhoever) ?? false)
  );
}

/** Whether two emails are one, whatever the case of their letters. */
export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
