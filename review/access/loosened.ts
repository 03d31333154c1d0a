import { kindOf } from "./kinds.ts";
import type { AccessFile, AccessRule, Loosening } from "./kinds.ts";
import type { LoosenedRule } from "./report.ts";

/** What a rule says, by field. */
type Says = Readonly<Record<string, unknown>>;

/**
 * The rules of the older file that the newer one demands less than. What an older rule demands is taken
 * apart: each name of each list with each of the others. Where one newer rule or several together demand all
 * of these, nothing is loosened, however they are written.
 */
export function loosenedRules(before: AccessFile, after: AccessFile): LoosenedRule[] {
  return before.rules.flatMap((rule) => {
    const rivals = after.rules.filter(({ kind }) => kind === rule.kind);
    const lost = demandsOf(rule).filter((demand) => !rivals.some((rival) => demandsAll(rival, demand)));
    if (lost.length === 0) return [];
    const { rule: place, line, says } = rule;
    const head = { rule: place, line, ...(says.name !== undefined && { name: says.name }) };
    const [successor] = rivals
      .filter((rival) => isSuccessor(rival, rule))
      .map((rival) => ({ rival, differences: differencesOf(rule, rival) }))
      .sort((left, right) => left.differences.length - right.differences.length);
    if (successor === undefined) return [{ ...head, says: "It is not there any more." }];
    return [{ ...head, now: successor.rival.line, says: `${successor.differences.join("; ")}.` }];
  });
}

/** Parts of one rule that are compared by themselves: names of lists, each with each, are soon very many. */
const MOST_DEMANDS = 50_000;

/**
 * One rule for each name of each list that can be taken apart. A rule of too many is left whole, so that one
 * newer rule has to demand all of it.
 */
function demandsOf(rule: AccessRule): Says[] {
  const fields = Object.entries(kindOf(rule.kind).fields)
    .filter(([, { loosens }]) => loosens === "fewer" || loosens === "narrower")
    .map(([field]) => field);
  const says: Says = rule.says;
  const count = fields.reduce((product, field) => product * (listOf(says[field]).length || 1), 1);
  if (count > MOST_DEMANDS) return [says];
  let demands: Says[] = [says];
  for (const field of fields) {
    demands = demands.flatMap((demand) => {
      const value = demand[field];
      return Array.isArray(value)
        ? value.map((name) => ({ ...demand, [field]: [name] as unknown }))
        : [demand];
    });
  }
  return demands;
}

function demandsAll({ kind, says }: AccessRule, demand: Says): boolean {
  const now: Says = says;
  return Object.entries(kindOf(kind).fields).every(([field, { loosens }]) =>
    demandsAsMuch(loosens, demand[field], now[field]),
  );
}

function demandsAsMuch(loosens: Loosening, before: unknown, now: unknown): boolean {
  return lostIn(loosens, before, now) === undefined;
}

/** What a field demands less than before, as the rest of a sentence; undefined where it demands as much. */
function lostIn(loosens: Loosening, before: unknown, now: unknown): string | undefined {
  switch (loosens) {
    case "nothing":
      return undefined;
    case "set":
      return before !== true && now === true ? "is true now" : undefined;
    case "other":
      return before === now ? undefined : `is ${shown(now)} and was ${shown(before)}`;
    case "higher":
      if (before === undefined && now === undefined) return undefined;
      return Number(now) <= Number(before) ? undefined : `is ${shown(now)} and was ${shown(before)}`;
    case "fewer": {
      const lost = without(listOf(before), listOf(now));
      return lost.length === 0 ? undefined : `has no ${lost.map(shown).join(", ")} any more`;
    }
    case "more": {
      const excepted = without(listOf(now), listOf(before));
      return excepted.length === 0 ? undefined : `has ${excepted.map(shown).join(", ")} now`;
    }
    case "narrower": {
      if (now === undefined) return undefined;
      if (before === undefined) return `is ${listOf(now).map(shown).join(", ")} alone, and was all`;
      const lost = without(listOf(before), listOf(now));
      return lost.length === 0 ? undefined : `has no ${lost.map(shown).join(", ")} any more`;
    }
  }
}

/**
 * Whether a rule may have taken the place of an older one: by its name, or since it is about one of the same
 * things.
 */
function isSuccessor(rival: AccessRule, rule: AccessRule): boolean {
  const { name } = rule.says;
  if (name !== undefined || rival.says.name !== undefined) {
    if (name === rival.says.name) return true;
  }
  const [before, now]: [Says, Says] = [rule.says, rival.says];
  return MAIN_FIELDS[rule.kind].some((field) => {
    const [old, same] = [before[field], now[field]];
    if (!Array.isArray(old) || !Array.isArray(same)) return old !== undefined && same !== undefined;
    return without(old, same).length < old.length;
  });
}

/** What a rule is about. */
const MAIN_FIELDS: Readonly<Record<AccessRule["kind"], readonly string[]>> = {
  keep: ["whoever", "has"],
  never: ["groups", "signIn"],
  always: ["people"],
  atMost: ["tokenBytes", "profileBytes", "groups", "people"],
};

function differencesOf(rule: AccessRule, rival: AccessRule): string[] {
  const [before, now]: [Says, Says] = [rule.says, rival.says];
  return Object.entries(kindOf(rule.kind).fields).flatMap(([field, { loosens }]) => {
    const lost = lostIn(loosens, before[field], now[field]);
    return lost === undefined ? [] : [`${field} ${lost}`];
  });
}

function without(list: readonly unknown[], others: readonly unknown[]): unknown[] {
  return list.filter((item) => !others.includes(item));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function shown(value: unknown): string {
  return value === undefined ? "not given" : JSON.stringify(value);
}
