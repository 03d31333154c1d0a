import * as pulumi from "@pulumi/pulumi";
import { setCommand } from "./commands.ts";
import { type ConfigErrors, shown } from "./config-errors.ts";
import type { DirectoryConfig, ListedDirectory } from "./directory-list.ts";
import type { Values } from "./keys.ts";
import { firstSecretKey, readSecret, secretKeyOf } from "./secrets.ts";

/** The name of the directory, and of its connection, in the short form. */
const shortName = "azure-ad";

/** The keys that describe the only directory of a stack without a list. */
const shortKeys = [
  "azureTenantDomain",
  "azureClientId",
  "azureDomainAliases",
  "azureNestedGroups",
  "connectionName",
] as const;

/**
 * Gives the stack's directories with their secrets, from the list or from the short form.
 *
 * @returns At least one, also after an error, so that the rest can still be checked.
 */
export function chooseDirectories(values: Values, errors: ConfigErrors): DirectoryConfig[] {
  const listed = values.directories;
  const short = shortKeys.filter((key) => isSet(values[key]));
  if (listed.length > 0) {
    refuseBothForms(short, errors);
    refuseRepeatedNames(listed, errors);
    const seen = new Set<string>();
    return listed.map((directory, index) => {
      const key = index === 0 ? firstSecretKey : secretKeyOf(directory.name);
      // A repeated or empty name has its own error already.
      const known = directory.name === "" || seen.has(directory.name);
      seen.add(directory.name);
      return { ...directory, clientSecret: known ? pulumi.secret("") : readSecret(key, errors) };
    });
  }
  for (const [key, example] of [
    ["azureTenantDomain", "xyz.onmicrosoft.com"],
    ["azureClientId", "00000000-0000-4000-8000-000000000000"],
  ] as const) {
    if (values[key] === "")
      errors.add(key, "is missing, and so is the list of directories", setCommand(key, example));
  }
  return [
    {
      name: shortName,
      connectionName: values.connectionName || shortName,
      formerNames: [],
      tenantDomain: values.azureTenantDomain,
      clientId: values.azureClientId,
      clientSecret: readSecret(firstSecretKey, errors),
      domainAliases: values.azureDomainAliases,
      nestedGroups: values.azureNestedGroups,
    },
  ];
}

/**
 * Whether somebody has set a key of the short form. The engine fills in defaults, so a key with its default
 * counts as not set.
 */
function isSet(value: string | boolean | readonly string[]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== "" && value !== false;
}

function refuseBothForms(short: readonly (typeof shortKeys)[number][], errors: ConfigErrors): void {
  for (const key of short) {
    errors.add(key, "is set, but the list of directories replaces it", `pulumi config rm ${key}`);
  }
}

function refuseRepeatedNames(listed: readonly ListedDirectory[], errors: ConfigErrors): void {
  const seenNames = new Map<string, number>();
  const seenConnections = new Map<string, string>();
  for (const [index, directory] of listed.entries()) {
    const earlier = seenNames.get(directory.name);
    if (directory.name !== "" && earlier !== undefined) {
      errors.add(
        "directories",
        `[${index}] has the same name as [${earlier}], ${shown(directory.name)}`,
        setCommand(`directories[${index}].name`, `${directory.name}-2`),
      );
      continue;
    }
    seenNames.set(directory.name, index);
    const own = [
      [`directories[${index}].connectionName`, directory.connectionName] as const,
      ...directory.formerNames.map((name, at) => [`directories[${index}].formerNames[${at}]`, name] as const),
    ];
    for (const [key, name] of own) {
      const other = seenConnections.get(name);
      if (name !== "" && other !== undefined) {
        errors.add(key, `is ${shown(name)}, and so is ${other}`, setCommand(key, `${name}-2`));
      } else seenConnections.set(name, key);
    }
  }
}
