import type { EffectivePolicy } from "./effective-policy.ts";

/** The groups that fit, and whether others had to stay out. */
export interface CappedGroups {
  readonly groups: readonly string[];
  readonly capped: boolean;
}

/**
 * Tells whether a name matches a pattern. `*` stands for any run of characters, also none; everything else means
 * itself, upper and lower case apart. So `A` is exact, `A*` a prefix, `*A` a suffix, `*A*` contains. A name is looked
 * through once for each piece of the pattern: no pattern makes a long search.
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
 * Selects and names groups: those that pass `include` and no `exclude` of every layer (both speak of the directory's own names or
 * ids), then `stripPrefix`, then `rename`; without duplicates, in the order of UTF-16 code units, which is the same on every
 * machine. A group that was not renamed is left out when it has the name that another is renamed to: whoever may create groups
 * could else make one by that name. Empty names and names with control characters or broken surrogate pairs are left out: no
 * token or assertion should carry them.
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
  // The length is asked last: what is not a list (client metadata may be edited by hand) is then a fault, not "all".
  return (matchesOne(include) || include.length === 0) && !matchesOne(exclude);
}

/**
 * Keeps the first groups of a sorted list: at most `maxCount`, and at most `maxBytes` of UTF-8 once the list is JSON.
 * The first that does not fit ends the list, so the same groups always leave the same ones.
 */
export function capGroups(groups: readonly string[], maxCount: number, maxBytes: number): CappedGroups {
  let bytes = "[".length;
  const fitting = groups.findIndex((group, index) => {
    // With the comma or the bracket after it.
    bytes += Buffer.byteLength(JSON.stringify(group)) + 1;
    // Said this way round, a cap that is not a number keeps nothing.
    return !(index < maxCount && bytes <= maxBytes);
  });
  return { groups: fitting < 0 ? groups : groups.slice(0, fitting), capped: fitting >= 0 };
}

function isPlain(name: string): boolean {
  return typeof name === "string" && /^[^\p{Cc}\p{Cs}\ufffe\uffff]+$/u.test(name);
}
