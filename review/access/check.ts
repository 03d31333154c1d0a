import type { Directory } from "../../packages/local-tenant/src/index.ts";
import type { ClaimsHead, ClaimsRow, ClaimsSide } from "../claims/model.ts";
import { explainerOf } from "../why/explain.ts";
import type { Explanation } from "../why/explain.ts";
import type { AccessFile, AccessRule } from "./kinds.ts";
import { MOST_KEPT } from "./report.ts";
import type { AccessResult, AccessViolation } from "./report.ts";
import { RuleCheck } from "./rule-check.ts";
import type { Offence } from "./rule-check.ts";
import { knownNames, unknownIn } from "./unknown.ts";

/** Whose claims are checked. */
export interface CheckContext {
  readonly head: ClaimsHead;
  /** For the chains; without it they say that the Action's rules are not known. */
  readonly model?: ClaimsSide["model"];
  /** What the people were read from. */
  readonly directory: Directory;
}

interface Found {
  readonly violations: AccessViolation[];
  total: number;
}

/**
 * Holds claims against the rules of one file, row after row. It keeps counts and offenders, at most
 * `MOST_KEPT` of a rule.
 */
export class AccessCheck {
  readonly #file: AccessFile;
  readonly #context: CheckContext;
  readonly #checks: readonly RuleCheck[];
  readonly #explain: (row: ClaimsRow) => Explanation;
  readonly #found = new Map<AccessRule, Found>();

  constructor(file: AccessFile, context: CheckContext) {
    this.#file = file;
    this.#context = context;
    this.#checks = file.rules.map((rule) => new RuleCheck(rule));
    this.#explain = explainerOf(context.model, context.directory);
  }

  /** Takes the next row. */
  add(row: ClaimsRow): void {
    for (const check of this.#checks) {
      const offence = check.add(row);
      if (offence !== undefined) this.#note(check.rule, () => this.#violation(check.rule, row, offence));
    }
  }

  /** What was found; ask once, after the last row. */
  result(): AccessResult {
    const known = knownNames(this.#context.head, this.#context.directory);
    for (const check of this.#checks) {
      const { rule } = check;
      const unknown = rule.says.mayBeEmpty === true ? [] : unknownIn(rule, known);
      for (const found of [...unknown.map((says) => ({ says })), ...check.end(unknown.length > 0)]) {
        this.#note(rule, () => ({ ...headOf(rule), ...found, chain: [] }));
      }
    }
    const found = this.#file.rules.map((rule) => ({ rule, ...this.#found.get(rule) }));
    return {
      file: this.#file.file,
      rules: this.#file.rules.length,
      violations: found.flatMap(({ violations = [] }) => violations),
      total: found.reduce((sum, { total = 0 }) => sum + total, 0),
      notKept: found.flatMap(({ rule, total = 0, violations = [] }) => {
        const count = total - violations.length;
        return count > 0 ? [{ rule: rule.rule, count }] : [];
      }),
    };
  }

  #note(rule: AccessRule, violation: () => AccessViolation): void {
    const found = this.#found.get(rule) ?? { violations: [], total: 0 };
    this.#found.set(rule, found);
    found.total += 1;
    if (found.violations.length < MOST_KEPT) found.violations.push(violation());
  }

  #violation(rule: AccessRule, row: ClaimsRow, offence: Offence): AccessViolation {
    const { application, person, connection } = row;
    const { says } = offence;
    return {
      ...headOf(rule),
      application,
      person,
      connection,
      says,
      chain: chainOf(this.#explain(row), offence),
    };
  }
}

function headOf({ rule, line, says }: AccessRule): Pick<AccessViolation, "rule" | "line" | "name"> {
  return { rule, line, ...(says.name !== undefined && { name: says.name }) };
}

/** Groups whose story is told. */
const MOST_TOLD = 5;

function chainOf({ facts, groups, unexplained }: Explanation, offence: Offence): string[] {
  const told = groups.filter(offence.groups).slice(0, MOST_TOLD);
  const foreign = unexplained.filter((name) => offence.groups({ group: name, name }));
  return [
    ...facts.slice(0, 1),
    ...told.map(({ group, name, steps }) => {
      const named = name === undefined || name === group ? "" : `, as ${JSON.stringify(name)}`;
      return `${JSON.stringify(group)} of the directory${named}: ${steps.join(" ")}`;
    }),
    ...foreign.map((name) => `${JSON.stringify(name)} is not in the token by the Action's rules.`),
  ];
}
