import type { EffectivePolicy } from "./effective-policy.ts";

/** The groups that fit, and whether others were left out. */
export interface CappedGroups {
  readonly groups: readonly string[];
  readonly capped: boolean;
}

/**
 * Tells whether a name matches a pattern. `*` stands for any number of characters, also none. All other
 * characters stand for themselves, and upper and lower case differ. So `A` is exact, `A*` a prefix, `*A` a
 * suffix, and `*A*` means "contains". The name is searched once for each piece of the pattern, so that no
 * pattern takes long.
 */
export function matches(pattern: string, name: string): boolean {
  const [first = "", ...pieces] = pattern.split("*");
  const last = pieces.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const piece of pieces) {
    const at = name.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return name.slice(from).endsWith(last);
}

/**
 * Selects groups and gives them their names. A group must pass the `include` and the `exclude` of every
 * layer, which both speak of the directory's own names or ids. Then come `stripPrefix` and `rename`. The
 * result has no duplicates and is in the order of UTF-16 code units, which is the same on every machine. A
 * group that was not renamed is left out if another one is renamed to its name: otherwise whoever may create
 * groups could make one with that name. Names that are empty or contain control characters or broken
 * surrogate pairs are left out, because no token or assertion should carry them.
 */
export function selectGroups(groups: readonly string[], policy: EffectivePolicy): string[] {
  const { layers, stripPrefix } = policy;
  const rename = new Map(Object.entries(policy.rename));
  const targets = new Set(rename.values());
  const selected: string[] = [];
  for (const group of groups) {
    if (!layers.every((layer) => passes(group, layer))) continue;
    const stripped = group.startsWith(stripPrefix) ? group.slice(stripPrefix.length) : group;
    const renamed = rename.get(stripped);
    if (renamed === undefined && targets.has(stripped)) continue;
    const name = renamed ?? stripped;
    if ([group, name].every(isPlain)) selected.push(name);
  }
  // Not localeCompare: its order depends on the machine. The default order compares code units.
  return [...new Set(selected)].sort();
}

function passes(group: string, { include = [], exclude = [] }: EffectivePolicy["layers"][number]): boolean {
  const matchesOne = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matches(pattern, group));
  // The length comes last. So a value that is not a list, from metadata that was edited by hand, ends as a
  // fault and not as "all".
  return (matchesOne(include) || include.length === 0) && !matchesOne(exclude);
}

/**
 * Keeps the first groups of a sorted list: at most `maxCount`, and at most `maxBytes` of UTF-8 as JSON. The
 * list ends before the first group that does not fit, so the same input always gives the same result.
 */
export function capGroups(groups: readonly string[], maxCount: number, maxBytes: number): CappedGroups {
  let bytes = "[".length;
  const fitting = groups.findIndex((group, index) => {
    // One more byte for the comma or the bracket after the group.
    bytes += Buffer.byteLength(JSON.stringify(group)) + 1;
    // Negated, so that a cap that is not a number keeps nothing.
    return !(index < maxCount && bytes <= maxBytes);
  });
  return { groups: fitting < 0 ? groups : groups.slice(0, fitting), capped: fitting >= 0 };
}

function isPlain(name: string): boolean {
  return typeof name === "string" && /^[^\p{Cc}\p{Cs}\ufffe\uffff]+$/u.test(name);
}
