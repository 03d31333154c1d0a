import { effectivePolicy } from "../../action/effective-policy.ts";
import type { EffectivePolicy } from "../../action/effective-policy.ts";
import { capGroups, matches, selectGroups } from "../../action/policy.ts";
import type { GroupPolicy } from "../../action/settings.ts";

/**
 * What became of a group: `in` the token; `cut` by a cap; `kept-out` by the patterns of a policy; `taken`,
 * since another one is renamed to its name; `unreadable`, since no token may carry its name; `unread`, since
 * the Action never looked at it.
 */
export type Verdict = "in" | "cut" | "kept-out" | "taken" | "unreadable" | "unread";

/** What the policies make of one group, and why. */
export interface GroupVerdict {
  readonly verdict: Verdict;
  /** Its name in the token, where it is there or was cut. */
  readonly name?: string;
  /** What led to it, in sentences. */
  readonly steps: readonly string[];
}

/** Whose policy each layer is, such as "the stack's groupPolicy". */
export type LayerNames = readonly string[];

/**
 * Says of each group why the policies let it into the token or not. Every decision is one of the Action's own
 * functions: what a rule does to a group is found out by asking them for this group alone, with that rule
 * alone.
 */
export function verdictsOf(
  groups: readonly string[],
  policy: EffectivePolicy,
  names: LayerNames,
): GroupVerdict[] {
  const selected = selectGroups(groups, policy);
  const fitting = new Set(capGroups(selected, policy.maxCount, policy.maxBytes).groups);
  const counted = new Set(capGroups(selected, policy.maxCount, Infinity).groups);
  return groups.map((group) => {
    const [name] = selectGroups([group], policy);
    if (name === undefined) return refusalOf(group, policy, names);
    const entered = entrances(group, policy, names);
    const steps = [
      ...(entered.length > 0 ? entered : ["No policy keeps it out."]),
      ...namings(group, name, policy, names),
    ];
    if (fitting.has(name)) return { verdict: "in", name, steps };
    const cap = counted.has(name) ? "maxBytes" : "maxCount";
    return { verdict: "cut", name, steps: [...steps, cutSentence(cap, policy, names)] };
  });
}

/** The name that a group has after some rules alone; undefined where they leave it out. */
function nameAfter(group: string, rules: GroupPolicy): string | undefined {
  return selectGroups([group], effectivePolicy([rules]))[0];
}

function refusalOf(group: string, policy: EffectivePolicy, names: LayerNames): GroupVerdict {
  if (nameAfter(group, {}) === undefined) {
    return { verdict: "unreadable", steps: ["Its name is empty or has characters that no token may carry."] };
  }
  const keeper = policy.layers.findIndex(({ include = [], exclude = [] }) => {
    return nameAfter(group, { include, exclude }) === undefined;
  });
  const layer = policy.layers[keeper];
  if (layer !== undefined) {
    const outer = { ...policy, layers: policy.layers.slice(0, keeper) };
    const steps = [...entrances(group, outer, names), keptOut(group, layer, names[keeper] ?? "")];
    return { verdict: "kept-out", steps };
  }
  const steps = entrances(group, policy, names);
  const { stripPrefix, rename } = policy;
  const stripped = nameAfter(group, { stripPrefix });
  if (stripped !== undefined && !Object.hasOwn(rename, stripped)) {
    const others = Object.entries(rename).filter(([, to]) => to === stripped);
    const renamed = `${others.map(([from]) => quoted(from)).join(" and ")} ${others.length === 1 ? "is" : "are"}`;
    return {
      verdict: "taken",
      steps: [...steps, `Its name would be ${quoted(stripped)}, which ${renamed} renamed to.`],
    };
  }
  const what = stripped === undefined ? "stripPrefix" : "rename";
  const by = ownerOf(what, policy, names);
  return {
    verdict: "unreadable",
    steps: [...steps, `${what} of ${by} leaves no name that a token may carry.`],
  };
}

function keptOut(group: string, { include = [], exclude = [] }: GroupPolicy, whose: string): string {
  if (nameAfter(group, { include }) === undefined) {
    return `No pattern of include in ${whose} matches it: ${listed(include)}.`;
  }
  const pattern = exclude.find((each) => matches(each, group)) ?? "";
  return `${quoted(pattern)} of exclude in ${whose} keeps it out.`;
}

/** Which patterns let it through; a layer without an include has nothing to say. */
function entrances(group: string, { layers }: EffectivePolicy, names: LayerNames): string[] {
  return layers.flatMap(({ include = [] }, index) => {
    const pattern = include.find((each) => matches(each, group));
    return pattern === undefined
      ? []
      : [`${quoted(pattern)} of include in ${names[index] ?? ""} lets it through.`];
  });
}

function namings(group: string, name: string, policy: EffectivePolicy, names: LayerNames): string[] {
  const stripped = nameAfter(group, { stripPrefix: policy.stripPrefix }) ?? group;
  return [
    ...(stripped === group
      ? []
      : [
          `stripPrefix of ${ownerOf("stripPrefix", policy, names)} takes ${quoted(policy.stripPrefix)} from its name.`,
        ]),
    ...(stripped === name
      ? []
      : [`rename of ${ownerOf("rename", policy, names)} makes ${quoted(stripped)} ${quoted(name)}.`]),
  ];
}

/** Whose word counts: that of the innermost layer which has one. */
function ownerOf(field: "stripPrefix" | "rename", { layers }: EffectivePolicy, names: LayerNames): string {
  return names[layers.findLastIndex((layer) => layer[field] !== undefined)] ?? "";
}

function cutSentence(cap: "maxCount" | "maxBytes", policy: EffectivePolicy, names: LayerNames): string {
  const what = cap === "maxCount" ? `${policy.maxCount} groups` : `${policy.maxBytes} bytes of groups`;
  return `The token has ${what} at most (${cap}: ${capOwner(cap, policy, names)}), and others come before it.`;
}

/** Whose cap holds. */
export function capOwner(
  cap: "maxCount" | "maxBytes",
  policy: Pick<EffectivePolicy, "layers" | "maxCount" | "maxBytes">,
  names: LayerNames,
): string {
  return names[policy.layers.findIndex((layer) => layer[cap] === policy[cap])] ?? "the default";
}

function listed(patterns: readonly string[]): string {
  const shown = patterns.slice(0, MOST_PATTERNS).map(quoted).join(", ");
  const others = patterns.length - MOST_PATTERNS;
  return others > 0 ? `${shown} and ${others} more` : shown;
}

const MOST_PATTERNS = 5;

const quoted = (text: string): string => JSON.stringify(text);
