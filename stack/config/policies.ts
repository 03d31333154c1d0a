import { matches } from "../../action/policy.ts";
import { prefixProblem } from "../../action/effective-policy.ts";
import type { GroupPolicy } from "../../action/settings.ts";
import { inOrder, listCommand, removeCommand, setCommand } from "./commands.ts";
import { type ConfigErrors, shown } from "./config-errors.ts";

/** A policy with its key; an absent one is empty. */
interface Layer {
  readonly key: string;
  readonly policy: GroupPolicy;
}

interface WithPolicy {
  readonly groupPolicy?: GroupPolicy;
}

/**
 * Checks the rules between the layers of policies (the stack's, the directory's, the application's) for every
 * combination that an employee can meet. An error of outer layers is reported once, and not again for each
 * inner layer.
 */
export function checkPolicies(
  stack: GroupPolicy,
  directories: readonly (WithPolicy & { readonly name: string })[],
  applications: readonly (WithPolicy & { readonly directories: readonly string[] })[],
  errors: ConfigErrors,
): void {
  const layer = (key: string, { groupPolicy }: WithPolicy): Layer[] =>
    groupPolicy === undefined ? [] : [{ key: `${key}.groupPolicy`, policy: groupPolicy }];
  const outermost = [{ key: "groupPolicy", policy: stack }];
  checkLayers(outermost, errors);
  const behind = directories.map((directory, index) => ({
    name: directory.name,
    layers: [...outermost, ...layer(`directories[${index}]`, directory)],
  }));
  for (const { layers } of behind) if (layers.length > 1) checkLayers(layers, errors);
  for (const [index, application] of applications.entries()) {
    const own = layer(`applications[${index}]`, application);
    const ways = behind.filter(({ name }) => application.directories.includes(name));
    for (const { layers } of own.length > 0 ? ways : []) checkLayers([...layers, ...own], errors);
  }
}

/** Checks the last layer against those before it. */
function checkLayers(layers: readonly Layer[], errors: ConfigErrors): void {
  const last = layers.at(-1);
  if (last === undefined) return;
  checkIdentifier(layers, last, errors);
  checkPrefix(layers, last, errors);
  checkRename(layers, last, errors);
}

/** Patterns of two layers can speak of the same groups only if both are names, or both are ids. */
function checkIdentifier(layers: readonly Layer[], { key, policy }: Layer, errors: ConfigErrors): void {
  const earlier = layers.slice(0, -1);
  const selecting = earlier.findIndex(({ policy }) => selects(policy));
  if (policy.identifier === undefined || selecting === -1) return;
  const fixed = earlier.slice(0, selecting + 1).findLast(({ policy }) => policy.identifier !== undefined);
  const word = fixed?.policy.identifier ?? "name";
  if (policy.identifier === word) return;
  const by = earlier[selecting]?.key ?? "";
  const problem = `is ${shown(policy.identifier)}, but ${by} selects groups by ${word} already`;
  // Without `identifier` the layer's exclude would match nothing, and the groups that it excludes would pass.
  const closed = (policy.exclude ?? []).length > 0 ? [listCommand(`${key}.exclude`, "*")] : [];
  errors.add(`${key}.identifier`, problem, inOrder(...closed, removeCommand(`${key}.identifier`)));
}

/** A group that anybody may create must not get the name of a group that counts once its prefix is cut. */
function checkPrefix(layers: readonly Layer[], { key, policy }: Layer, errors: ConfigErrors): void {
  const problem = prefixProblem(layers.map(({ policy }) => policy));
  if (problem === undefined || prefixProblem(layers.slice(0, -1).map(({ policy }) => policy)) !== undefined)
    return;
  const owner = layers.findLast(({ policy }) => (policy.stripPrefix ?? "") !== "") ?? { key, policy };
  const { include = [], stripPrefix = "" } = owner.policy;
  const mend =
    include.length === 0
      ? setCommand(`${owner.key}.include[0]`, `${stripPrefix}*`)
      : removeCommand(`${owner.key}.stripPrefix`);
  errors.add(key, `is not safe: ${problem}`, mend);
}

/**
 * A group is left out when another group is renamed to its name. So a policy that selects the group by its
 * name would never let it through.
 */
function checkRename(layers: readonly Layer[], { key, policy }: Layer, errors: ConfigErrors): void {
  if (policy.rename === undefined) return;
  const stripPrefix =
    layers.findLast(({ policy }) => policy.stripPrefix !== undefined)?.policy.stripPrefix ?? "";
  const named = layers
    .flatMap(({ policy }) => policy.include ?? [])
    .filter((pattern) => !pattern.includes("*") && layers.every(({ policy }) => passes(pattern, policy)))
    .map((name) => (name.startsWith(stripPrefix) ? name.slice(stripPrefix.length) : name));
  for (const [from, to] of Object.entries(policy.rename)) {
    if (from === to || !named.includes(to) || Object.hasOwn(policy.rename, to)) continue;
    const path = `${key}.rename[${JSON.stringify(from)}]`;
    const problem = `is ${shown(to)}, but include lets a group of that name through too, and that group would be left out`;
    errors.add(path, problem, setCommand(path, `${to}-2`));
  }
}

function passes(name: string, { include = [], exclude = [] }: GroupPolicy): boolean {
  const included = include.length === 0 || include.some((pattern) => matches(pattern, name));
  return included && !exclude.some((pattern) => matches(pattern, name));
}

function selects({ include = [], exclude = [] }: GroupPolicy): boolean {
  return include.length > 0 || exclude.length > 0;
}
