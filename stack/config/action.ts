import type { ActionSettings, GroupPolicy } from "../../action/settings.ts";
import type { DirectoryConfig } from "./directories.ts";
import type { Values } from "./keys.ts";

/** What the Action is told, from the keys that shape it and from the directories. */
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

/** All names under which employees of a directory may come while its connection is renamed. */
export function namesOf({ connectionName, formerNames }: DirectoryConfig): string[] {
  return [connectionName, ...formerNames];
}

/**
 * The connections whose employees get their groups. Without a word of its own, the stack's: the first directory's, and of
 * the further ones those whose policy says which of their groups count. The administrators of any other could name a group
 * like one of ours.
 */
function enrichedConnections(named: readonly string[], directories: readonly DirectoryConfig[]): string[] {
  const own = directories.filter(
    (directory, index) =>
      (named.length === 0 || named.includes(directory.connectionName)) &&
      (index === 0 || (directory.groupPolicy?.include ?? []).length > 0),
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
