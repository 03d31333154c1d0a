import type { ApplicationMetadata } from "./client-metadata.ts";
import type { ActionSettings, GroupPolicy } from "./settings.ts";

/** Which of a group's two names a policy speaks of. */
export type Identifier = NonNullable<GroupPolicy["identifier"]>;

/** Several policies as one, the outermost first. */
export interface EffectivePolicy {
  /** Each layer has its own `include` and `exclude`, and a group must pass them all. */
  readonly layers: readonly GroupPolicy[];
  readonly stripPrefix: string;
  readonly rename: Readonly<Record<string, string>>;
  readonly identifier: Identifier;
  readonly maxCount: number;
  readonly maxBytes: number;
}

/**
 * What policies that lie one inside the other come to: the stack's, then that of the directory, then that of the application. An inner
 * layer narrows what an outer one lets through and never widens it, because others may edit it: an application's policy is in
 * its `client_metadata`. So a group must pass every layer, and the lowest cap holds; the defaults count only where no layer
 * names a cap. How groups are called is the innermost layer's business (`stripPrefix`, `rename`). Whether patterns speak of names or ids
 * is settled by the first layer that has patterns: read as the other kind they would match nothing, and an `exclude` would let all through.
 */
export function effectivePolicy(layers: readonly GroupPolicy[]): EffectivePolicy {
  const { stripPrefix = "", rename = {} } = Object.assign({}, ...layers) as GroupPolicy;
  let identifier: Identifier = "name";
  for (const layer of layers) {
    identifier = layer.identifier ?? identifier;
    if (layer.include?.length || layer.exclude?.length) break;
  }
  const lowest = (cap: "maxCount" | "maxBytes", byDefault: number): number => {
    // Not a number where a layer of hand-edited metadata holds something else, and then no group fits.
    const value = Math.min(...layers.map(({ [cap]: most = Infinity }) => most));
    return value === Infinity ? byDefault : value;
  };
  const maxCount = lowest("maxCount", 100);
  const maxBytes = lowest("maxBytes", 8192);
  return { layers, stripPrefix, rename, identifier, maxCount, maxBytes };
}

/** The policy that an employee meets: the stack's, inside it that of the directory, inside that the one of the application. */
export function policyFor(
  { groupPolicy, directoryPolicies }: Pick<ActionSettings, "groupPolicy" | "directoryPolicies">,
  connection: string,
  application: ApplicationMetadata,
): EffectivePolicy {
  // What every object has by a connection's name, such as "constructor", has no field of a policy.
  return effectivePolicy([groupPolicy, directoryPolicies?.[connection] ?? {}, application.groupPolicy ?? {}]);
}

/**
 * Says in half a sentence why a `stripPrefix` is dangerous, or nothing. A group without the prefix keeps its name, so whoever may
 * create groups could call one as another is called once its prefix is gone. Therefore some layer must let groups with the prefix alone through.
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
