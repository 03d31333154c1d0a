import * as pulumi from "@pulumi/pulumi";
import type { ActionSettings } from "../action/settings.ts";
import { type ApplicationConfig, readApplications } from "./config/applications.ts";
import { readBindings, refuseRepeatedBindings } from "./config/bindings.ts";
import { readDomain } from "./config/domain.ts";
import { Faults, nearestName, removeCommand } from "./config/faults.ts";
import { readGroupPolicy } from "./config/group-policy.ts";
import { Setting } from "./config/setting.ts";
import { hostNameProblem } from "./config/urls.ts";
import type { Binding } from "./policy/bindings.ts";
import { claimNameFault } from "./policy/claim-name.ts";

/** The configuration of one stack, checked and complete. */
export interface StackConfig {
  /** The tenant's own host and port, never its custom domain. */
  readonly domain: string;
  /** The custom domain that employees sign in under, or empty. */
  readonly customDomain: string;
  readonly azure: {
    readonly tenantDomain: string;
    readonly clientId: string;
    readonly clientSecret: pulumi.Output<string>;
    readonly domainAliases: readonly string[];
    readonly nestedGroups: boolean;
  };
  readonly connectionName: string;
  readonly applications: readonly ApplicationConfig[];
  /** What is built into the Action. */
  readonly action: ActionSettings;
  readonly postLoginBefore: readonly Binding[];
  readonly postLoginAfter: readonly Binding[];
  readonly bindAction: boolean;
  readonly protect: boolean;
}

/** How a key's text becomes a value; `secret` ones are never looked at. */
const kinds = {
  groupsClaim: "text",
  azureTenantDomain: "text",
  azureClientId: "text",
  azureClientSecret: "secret",
  azureDomainAliases: "json",
  azureNestedGroups: "json",
  connectionName: "text",
  applications: "json",
  groupSources: "json",
  groupPolicy: "json",
  tokens: "json",
  onMissingGroups: "text",
  managementApiTimeoutMs: "json",
  enrichedConnections: "json",
  enrichedStrategies: "json",
  linkedIdentities: "json",
  postLoginBefore: "json",
  postLoginAfter: "json",
  bindAction: "json",
  customDomain: "text",
  protect: "json",
} as const;

/**
 * What a key is where nobody has said it. The engine gives Pulumi.yaml's defaults and mocks give none: a unit test that writes out a
 * configuration shall not have to learn of keys that it has no use for.
 */
export const absentValues: Readonly<Record<string, unknown>> = {
  enrichedConnections: [],
  enrichedStrategies: [],
  linkedIdentities: false,
  bindAction: true,
};

/** The project's configuration keys, as Pulumi.yaml declares them. */
export const configKeys = Object.keys(kinds);

/**
 * Reads and checks the whole configuration; nothing else in the program asks Pulumi for it.
 *
 * The engine has refused missing keys, wrong top-level types and secrets in clear before; the shapes inside of objects, the
 * rules between fields and Auth0's limits are checked here.
 *
 * @throws pulumi.RunError with every fault at once: its key, the value (of no secret) and the command that mends it.
 */
export function loadConfig(): StackConfig {
  const faults = new Faults();
  const config = new pulumi.Config("workforce-sso");
  refuseUnknownKeys(faults);
  const setting = (key: keyof typeof kinds) => new Setting(key, readValue(config, key), faults);

  const connectionName = setting("connectionName").text("azure-ad", connectionNameProblem);
  const loaded: StackConfig = {
    domain: readDomain(faults),
    customDomain: readCustomDomain(setting("customDomain")),
    azure: {
      tenantDomain: setting("azureTenantDomain").text("xyz.onmicrosoft.com", hostNameProblem),
      clientId: setting("azureClientId").text("00000000-0000-4000-8000-000000000000", whiteSpaceProblem),
      clientSecret: readAzureSecret(config, faults),
      domainAliases: setting("azureDomainAliases").set(
        (alias) => alias.text("xyz.example", hostNameProblem),
        "xyz.example",
      ),
      nestedGroups: setting("azureNestedGroups").boolean(),
    },
    connectionName,
    applications: readApplications(setting("applications")),
    action: readActionSettings(setting, connectionName),
    postLoginBefore: readBindings(setting("postLoginBefore")),
    postLoginAfter: readBindings(setting("postLoginAfter")),
    bindAction: setting("bindAction").boolean(),
    protect: setting("protect").boolean(),
  };
  refuseRepeatedBindings(faults, loaded.postLoginBefore, loaded.postLoginAfter);
  faults.throwIfAny();
  return loaded;
}

function readActionSettings(
  setting: (key: keyof typeof kinds) => Setting,
  connection: string,
): ActionSettings {
  return {
    groupsClaim: setting("groupsClaim").text("https://xyz.example/claims/groups", (name) => {
      const problem = claimNameFault(name);
      return problem === undefined ? undefined : `which ${problem}`;
    }),
    groupSources: notEmpty(setting("groupSources"), "event", (source) =>
      source.choice(["event", "directory-sync", "management-api"]),
    ),
    groupPolicy: readGroupPolicy(setting("groupPolicy")),
    tokens: notEmpty(setting("tokens"), "id", (token) => token.choice(["id", "access", "saml"])),
    onMissingGroups: setting("onMissingGroups").choice(["omit", "deny"]),
    managementApiTimeoutMs: setting("managementApiTimeoutMs").integer(100, 15_000, 3000),
    connections: enrichedConnections(setting("enrichedConnections"), connection),
    strategies: setting("enrichedStrategies").set((name) => name.text("waad", strategyProblem), "waad"),
    linkedIdentities: setting("linkedIdentities").boolean(),
  };
}

/** Without a word of its own, the stack's connection and no other. */
function enrichedConnections(setting: Setting, own: string): string[] {
  const names = setting.set((name) => name.text("azure-ad", connectionNameProblem), "azure-ad");
  return names.length > 0 ? names : [own];
}

function notEmpty<Word extends string>(
  setting: Setting,
  example: string,
  read: (item: Setting) => Word,
): Word[] {
  const words = setting.set(read, example);
  if (Array.isArray(setting.value) && words.length === 0) {
    setting.fault("is empty", `pulumi config set --path "${setting.key}[0]" ${example}`);
  }
  return words;
}

function readValue(config: pulumi.Config, key: keyof typeof kinds): unknown {
  const text = config.get(key);
  if (text === undefined) return absentValues[key];
  if (kinds[key] === "text") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readAzureSecret(config: pulumi.Config, faults: Faults): pulumi.Output<string> {
  const mend = "pulumi config set --secret azureClientSecret";
  try {
    const secret = config.getSecret("azureClientSecret", { pattern: /\S/ });
    if (secret !== undefined) return secret;
    faults.add("azureClientSecret", "is missing", mend);
  } catch {
    // Only a blank value does not match; the SDK's own error would repeat it.
    faults.add("azureClientSecret", "is blank", mend);
  }
  return pulumi.secret("");
}

function readCustomDomain(setting: Setting): string {
  return setting.value === "" ? "" : setting.text("login.xyz.example", hostNameProblem);
}

/** The engine passes keys that Pulumi.yaml does not know, so a mistyped optional key would do nothing. */
function refuseUnknownKeys(faults: Faults): void {
  for (const fullKey of Object.keys(pulumi.runtime.allConfig())) {
    const [namespace, key = ""] = fullKey.split(":", 2);
    if (namespace !== "workforce-sso" || configKeys.includes(key)) continue;
    const near = nearestName(key, configKeys);
    faults.add(
      key,
      near === undefined ? "is not known." : `is not known. Did you mean ${near}?`,
      removeCommand(key),
    );
  }
}

function whiteSpaceProblem(text: string): string | undefined {
  return /\s/.test(text) ? "which contains white space" : undefined;
}

function strategyProblem(name: string): string | undefined {
  return /^[a-z0-9-]+$/.test(name) ? undefined : "not the name of a strategy, such as waad or samlp";
}

function connectionNameProblem(name: string): string | undefined {
  return name.length <= 128 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(name)
    ? undefined
    : "not 1 to 128 letters, digits and inner dashes";
}
