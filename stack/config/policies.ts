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
 * The rules between the layers of policies, for every way in which an employee can meet them: the stack's, that of the directory,
 * that of the application. An error of the outer layers is said once, and not for everyone who is behind them.
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

/** Checks what the last layer adds to those before it. */
function checkLayers(layers: readonly Layer[], errors: ConfigErrors): void {
  const last = layers.at(-1);
  if (last === undefined) return;
  checkIdentifier(layers, last, errors);
  checkPrefix(layers, last, errors);
  checkRename(layers, last, errors);
}

/** Patterns of one layer and patterns of another are of the same groups only if both speak of names, or both of ids. */
function checkIdentifier(layers: readonly Layer[], { key, policy }: Layer, errors: ConfigErrors): void {
  const earlier = layers.slice(0, -1);
  const selecting = earlier.findIndex(({ policy }) => selects(policy));
  if (policy.identifier === undefined || selecting === -1) return;
  const fixed = earlier.slice(0, selecting + 1).findLast(({ policy }) => policy.identifier !== undefined);
  const word = fixed?.policy.identifier ?? "name";
  if (policy.identifier === word) return;
  const by = earlier[selecting]?.key ?? "";
  const problem = `is ${shown(policy.identifier)}, but ${by} selects groups by ${word} already`;
  // What it excludes would not be recognized any more, and pass.
  const closed = (policy.exclude ?? []).length > 0 ? [listCommand(`${key}.exclude`, "*")] : [];
  errors.add(`${key}.identifier`, problem, inOrder(...closed, removeCommand(`${key}.identifier`)));
}

/** Names that anybody may make must not become, cut, the names of groups that count. */
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

/** A group is left out when its name is what another one is renamed to: whoever selects it by its name would never see it. */
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
