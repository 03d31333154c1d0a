import { matches } from "../../action/policy.ts";
import { bytesOf } from "../against/difference.ts";
import type { ClaimsRow } from "../claims/model.ts";
import type { AccessRule } from "./kinds.ts";
import { MOST_KEPT } from "./report.ts";
import { isAbout, scopeOf } from "./scope.ts";

/** What one row does that a rule forbids. */
export interface Offence {
  /** In a sentence that names no person. */
  readonly says: string;
  /** The groups in the token that it is about, and those in the directory. */
  readonly groups: (group: { readonly name?: string; readonly group: string }) => boolean;
}

/** One rule, which is told every row. It keeps counts, and not the rows. */
export class RuleCheck {
  readonly rule: AccessRule;
  readonly #scope: ReturnType<typeof scopeOf>;
  /** Whether the rule was about anybody. */
  #concerned = false;
  /** Names and patterns that nothing was found for. */
  readonly #unmatched: Set<string>;
  readonly #people = new Map<string, PeopleCount>();

  constructor(rule: AccessRule) {
    this.rule = rule;
    this.#scope = scopeOf(rule);
    this.#unmatched = new Set(patternsOf(rule));
  }

  /** What is wrong with a row; nothing for most. */
  add(row: ClaimsRow): Offence | undefined {
    this.#match(row);
    if (!isAbout(this.#scope, row)) return undefined;
    this.#concerned = true;
    return this.#offence(row);
  }

  /**
   * What is wrong once all rows have been seen, with no one person.
   * @param misnamed Whether the rule has names that do not exist: then it is not said again that they are
   * nobody's.
   */
  end(misnamed: boolean): { says: string; application?: string; people?: readonly string[] }[] {
    return [...this.#tooMany(), ...(misnamed ? [] : this.#empty())];
  }

  #offence(row: ClaimsRow): Offence | undefined {
    const { kind, says } = this.rule;
    switch (kind) {
      case "keep":
        return missing(row, says.has ?? [], (group) => says.whoever?.includes(group) === true);
      case "always":
        if (row.outcome !== "signed-in")
          return { says: `does not sign in${endOf(row)}.`, groups: () => true };
        return missing(row, says.has ?? [], () => false);
      case "never":
        return forbidden(row, says);
      case "atMost":
        if (says.people !== undefined) this.#count(row, says.group ?? "");
        return tooMuch(row, says);
    }
  }

  /**
   * A pattern of `never` need not match a token's group, since the rule is there to prevent that: a group of
   * the directory is enough.
   */
  #match({ groups, directoryGroups }: ClaimsRow): void {
    for (const pattern of this.#unmatched) {
      const found = this.rule.kind === "keep" ? directoryGroups.includes(pattern) : hasMatch(pattern);
      if (found) this.#unmatched.delete(pattern);
    }
    function hasMatch(pattern: string): boolean {
      return [groups, directoryGroups].some((list) => list.some((name) => matches(pattern, name)));
    }
  }

  #empty(): { says: string }[] {
    const { kind, says } = this.rule;
    if (says.mayBeEmpty === true) return [];
    const what = kind === "keep" ? "is in the directory group" : "has a group that matches";
    const unmatched = [...this.#unmatched].map((name) => ({
      says: `Nobody ${what} ${JSON.stringify(name)}.`,
    }));
    return this.#concerned || unmatched.length > 0 ? unmatched : [{ says: "The rule is about nobody." }];
  }

  #count({ application, person, groups }: ClaimsRow, pattern: string): void {
    for (const group of groups.filter((name) => matches(pattern, name))) {
      const key = JSON.stringify([application, group]);
      const count = this.#people.get(key) ?? { application, group, total: 0, last: "", kept: [] };
      // A person's rows come one after the other.
      if (count.last !== person) count.total += 1;
      if (count.last !== person && count.kept.length < MOST_KEPT) count.kept.push(person);
      count.last = person;
      this.#people.set(key, count);
    }
  }

  #tooMany(): { says: string; application: string; people: readonly string[] }[] {
    const { kind, says } = this.rule;
    if (kind !== "atMost" || says.people === undefined) return [];
    const most = says.people;
    return [...this.#people.values()]
      .filter(({ total }) => total > most)
      .map(({ application, group, total, kept }) => ({
        application,
        says: `${total} people have ${JSON.stringify(group)}, and ${most} may.`,
        people: kept,
      }));
  }
}

interface PeopleCount {
  readonly application: string;
  readonly group: string;
  total: number;
  last: string;
  readonly kept: string[];
}

/** What has to match something: patterns of the token's groups, and directory groups that have members. */
function patternsOf({ kind, says }: AccessRule): readonly string[] {
  if (kind === "never") return says.groups ?? [];
  if (kind === "keep") return says.whoever ?? [];
  return kind === "atMost" && says.group !== undefined ? [says.group] : [];
}

function missing(
  row: ClaimsRow,
  has: readonly string[],
  isCause: (directoryGroup: string) => boolean,
): Offence | undefined {
  const lacking = has.filter((group) => !row.groups.includes(group));
  if (lacking.length === 0) return undefined;
  return {
    says: `does not have ${lacking.map((group) => JSON.stringify(group)).join(", ")}${endOf(row)}.`,
    groups: ({ group, name }) => isCause(group) || lacking.includes(name ?? group),
  };
}

function endOf({ outcome, reason }: ClaimsRow): string {
  return outcome === "signed-in" ? "" : ` (${outcome}: ${reason ?? ""})`;
}

function forbidden(
  row: ClaimsRow,
  says: Extract<AccessRule, { kind: "never" }>["says"],
): Offence | undefined {
  if (says.signIn === true) {
    return row.outcome === "signed-in" ? { says: "signs in.", groups: () => false } : undefined;
  }
  const patterns = says.groups ?? [];
  const found = row.groups.filter((group) => patterns.some((pattern) => matches(pattern, group)));
  if (found.length === 0) return undefined;
  return {
    says: `has ${found.map((group) => JSON.stringify(group)).join(", ")}.`,
    groups: ({ name }) => name !== undefined && found.includes(name),
  };
}

function tooMuch(row: ClaimsRow, says: Extract<AccessRule, { kind: "atMost" }>["says"]): Offence | undefined {
  const measures = [
    [says.tokenBytes, bytesOf(row), "bytes of token"],
    [says.profileBytes, row.profileBytes, "bytes of profile"],
    [says.groups, row.groups.length, "groups"],
  ] as const;
  for (const [most, value, what] of measures) {
    if (most !== undefined && value > most) {
      return { says: `has ${value} ${what}, and ${most} are allowed.`, groups: () => false };
    }
  }
  return undefined;
}
