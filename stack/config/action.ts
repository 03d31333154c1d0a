import type { ActionSettings, GroupPolicy } from "../../action/settings.ts";
import { removeCommand } from "./commands.ts";
import type { DirectoryConfig } from "./directory-list.ts";
import { type ConfigErrors, shown } from "./config-errors.ts";
import type { Values } from "./keys.ts";

/** The Action's settings, from the keys that shape it and from the directories. */
export function actionSettings(values: Values, directories: readonly DirectoryConfig[]): ActionSettings {
  const policies = directoryPolicies(directories);
  return {
    groupsClaim: values.groupsClaim,
    groupSources: values.groupSources,
    groupPolicy: values.groupPolicy,
    ...(Object.keys(policies).length > 0 && { directoryPolicies: policies }),
    groupsMaxAgeMinutes: values.groupsMaxAgeMinutes,
    tokens: values.tokens,
    onMissingGroups: values.onMissingGroups,
    managementApiTimeoutMs: values.managementApiTimeoutMs,
    connections: enrichedConnections(values.enrichedConnections, directories),
    strategies: values.enrichedStrategies,
    linkedIdentities: values.linkedIdentities,
  };
}

/**
 * All connection names under which a directory's employees may sign in while the connection is being renamed.
 */
export function namesOf({ connectionName, formerNames }: DirectoryConfig): string[] {
  return [connectionName, ...formerNames];
}

/**
 * The connections whose employees get their groups. If `enrichedConnections` is empty, these are the first
 * directory's and those of further directories whose policy says which of their groups count. The
 * administrators of another directory could give a group the name of one of ours.
 */
function enrichedConnections(named: readonly string[], directories: readonly DirectoryConfig[]): string[] {
  const own = directories.filter(
    (directory, index) =>
      (named.length === 0 || named.includes(directory.connectionName)) && isEnriched(directory, index),
  );
  return [...new Set([...named, ...own.flatMap(namesOf)])];
}

function directoryPolicies(directories: readonly DirectoryConfig[]): Record<string, GroupPolicy> {
  return Object.fromEntries(
    directories.flatMap((directory) => {
      const { groupPolicy } = directory;
      return groupPolicy === undefined ? [] : namesOf(directory).map((name) => [name, groupPolicy] as const);
    }),
  );
}

/**
 * Refuses to enrich a further directory, by the name of its connection or by the strategy that all
 * directories of the stack have, if its policy does not say which of its groups count.
 */
export function checkEnriched(
  values: Values,
  directories: readonly DirectoryConfig[],
  errors: ConfigErrors,
): void {
  for (const [index, directory] of directories.entries()) {
    if (isEnriched(directory, index)) continue;
    const problem = `but groups of the directory ${shown(directory.name)} reach a token only if it has a groupPolicy.include`;
    const refused = { enrichedConnections: namesOf(directory), enrichedStrategies: ["waad"] };
    for (const list of ["enrichedConnections", "enrichedStrategies"] as const) {
      for (const [at, name] of values[list].entries()) {
        if (!refused[list].includes(name)) continue;
        errors.add(`${list}[${at}]`, `is ${shown(name)}, ${problem}`, removeCommand(`${list}[${at}]`));
      }
    }
  }
}

function isEnriched({ groupPolicy }: DirectoryConfig, index: number): boolean {
  return index === 0 || (groupPolicy?.include ?? []).length > 0;
}
