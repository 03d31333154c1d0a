import type { ApplicationMetadata } from "./client-metadata.ts";
import type { ActionSettings, GroupPolicy } from "./settings.ts";

/** Which of a group's two identifiers a policy uses. */
export type Identifier = NonNullable<GroupPolicy["identifier"]>;

/** Several policies combined into one. */
export interface EffectivePolicy {
  /**
   * The layers, the outermost first. Each has its own `include` and `exclude`, and a group must pass all
   * layers.
   */
  readonly layers: readonly GroupPolicy[];
  readonly stripPrefix: string;
  readonly rename: Readonly<Record<string, string>>;
  readonly identifier: Identifier;
  readonly maxCount: number;
  readonly maxBytes: number;
}

/**
 * Combines policies that lie one inside the other: the stack's, then the directory's, then the application's.
 * An inner layer narrows what an outer layer lets through and never widens it, because others may edit it: an
 * application's policy is in its `client_metadata`. So a group must pass every layer, and the lowest cap
 * applies. The defaults apply only if no layer names a cap. The innermost layer decides on the names of
 * groups (`stripPrefix`, `rename`). The first layer that has patterns decides whether they are names or ids:
 * if they were read as the other kind they would match nothing, and an `exclude` would let all groups
 * through.
 */
export function effectivePolicy(layers: readonly GroupPolicy[]): EffectivePolicy {
  const { stripPrefix = "", rename = {} } = Object.assign({}, ...layers) as GroupPolicy;
  let identifier: Identifier = "name";
  for (const layer of layers) {
    identifier = layer.identifier ?? identifier;
    if (layer.include?.length || layer.exclude?.length) break;
  }
  const lowest = (cap: "maxCount" | "maxBytes", byDefault: number): number => {
    // NaN if metadata that was edited by hand has something else than a number. Then no group fits.
    const value = Math.min(...layers.map(({ [cap]: most = Infinity }) => most));
    return value === Infinity ? byDefault : value;
  };
  const maxCount = lowest("maxCount", 100);
  const maxBytes = lowest("maxBytes", 8192);
  return { layers, stripPrefix, rename, identifier, maxCount, maxBytes };
}

/** The policy for an employee: the stack's, inside it the directory's, and inside that the application's. */
export function policyFor(
  { groupPolicy, directoryPolicies }: Pick<ActionSettings, "groupPolicy" | "directoryPolicies">,
  connection: string,
  application: ApplicationMetadata,
): EffectivePolicy {
  // A connection may have the name of something that every object has, such as "constructor". That has no
  // field of a policy.
  return effectivePolicy([groupPolicy, directoryPolicies?.[connection] ?? {}, application.groupPolicy ?? {}]);
}

/**
 * Says why a `stripPrefix` is dangerous, as a part of a sentence; `undefined` if it is not. A group without
 * the prefix keeps its name. So whoever may create groups could give one the name that another group has once
 * its prefix is cut. Therefore some layer must let only groups with the prefix through.
 */
export function prefixProblem(layers: readonly GroupPolicy[]): string | undefined {
  for (const { stripPrefix = "", include = [] } of layers) {
    const other = include.find((pattern) => !beginsWith(pattern, stripPrefix));
    if (other !== undefined) {
      return `stripPrefix is ${JSON.stringify(stripPrefix)} and the pattern ${JSON.stringify(other)} of include does not begin with it`;
    }
  }
  const { stripPrefix } = effectivePolicy(layers);
  const guarded = layers.some(
    ({ include = [] }) => include.length > 0 && include.every((pattern) => beginsWith(pattern, stripPrefix)),
  );
  if (stripPrefix === "" || guarded) return undefined;
  return `stripPrefix is ${JSON.stringify(stripPrefix)} and no include keeps out groups that do not begin with it`;
}

/** Whether only names with the prefix match the pattern. */
function beginsWith(pattern: string, prefix: string): boolean {
  return (pattern.split("*", 1)[0] ?? "").startsWith(prefix);
}
