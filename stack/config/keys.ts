import { type ClaimTarget, GROUP_SOURCES, type GroupSource } from "../../action/settings.ts";
import { claimNameProblem } from "../policy/claim-name.ts";
import { readApplications } from "./applications.ts";
import { readBindings } from "./bindings.ts";
import { readDirectoryList } from "./directory-list.ts";
import { readGroupPolicy } from "./group-policy.ts";
import type { Setting } from "./setting.ts";
import { connectionNameProblem, entraClientIdProblem, hostNameProblem } from "./texts.ts";

/** What the code and `Pulumi.yaml` have to agree on about one key, and how the code reads it. */
interface Key<Value> {
  /** The type that `Pulumi.yaml` declares. All but a string arrive as JSON. */
  readonly type: "string" | "integer" | "boolean" | "array" | "object";
  /** The type of an array's entries. */
  readonly items?: "string" | "object";
  /** What the engine fills in. A declared key without a default must be set. */
  readonly default?: unknown;
  /** `false` if the key is known here but not declared in `Pulumi.yaml`. */
  readonly declared?: false;
  readonly read: (setting: Setting) => Value;
}

function key<Value>(declaration: Key<Value>): Key<Value> {
  return declaration;
}

/**
 * Every key of the project that is not a secret: its type, its default, and how it is read. Other code that
 * needs the list of keys derives it from here, and a test compares `Pulumi.yaml` with it.
 *
 * `preflight` is not declared in `Pulumi.yaml`. If the engine filled in a default, the program could not tell
 * whether a person chose the value, and on loopback that makes a difference.
 */
export const keys = {
  groupsClaim: key({
    type: "string",
    read: (setting) =>
      setting.text("https://xyz.example/claims/groups", (name) => {
        const problem = claimNameProblem(name);
        return problem === undefined ? undefined : `which ${problem}`;
      }),
  }),
  directories: key({ type: "array", items: "object", default: [], read: readDirectoryList }),
  azureTenantDomain: key({
    type: "string",
    default: "",
    read: (setting) => setting.optionalText("xyz.onmicrosoft.com", hostNameProblem),
  }),
  azureClientId: key({
    type: "string",
    default: "",
    read: (setting) => setting.optionalText("00000000-0000-4000-8000-000000000000", entraClientIdProblem),
  }),
  azureDomainAliases: key({
    type: "array",
    items: "string",
    default: [],
    read: (setting) => setting.set((alias) => alias.text("xyz.example", hostNameProblem), "xyz.example"),
  }),
  azureNestedGroups: key({ type: "boolean", default: false, read: (setting) => setting.boolean(false) }),
  connectionName: key({
    type: "string",
    default: "",
    read: (setting) => setting.optionalText("azure-ad", connectionNameProblem),
  }),
  applications: key({ type: "array", items: "object", read: readApplications }),
  groupSources: key<GroupSource[]>({
    type: "array",
    items: "string",
    default: GROUP_SOURCES,
    read: (setting) => setting.notEmptySet((source) => source.choice(GROUP_SOURCES), "event"),
  }),
  groupPolicy: key({ type: "object", default: {}, read: readGroupPolicy }),
  groupsMaxAgeMinutes: key({
    type: "integer",
    default: 0,
    read: (setting) => setting.integer(0, 525_600, 480),
  }),
  tokens: key<ClaimTarget[]>({
    type: "array",
    items: "string",
    default: ["id"],
    read: (setting) => setting.notEmptySet((token) => token.choice(["id", "access", "saml"]), "id"),
  }),
  onMissingGroups: key<"omit" | "deny">({
    type: "string",
    default: "omit",
    read: (setting) => setting.choice(["deny", "omit"]),
  }),
  managementApiTimeoutMs: key({
    type: "integer",
    default: 3000,
    read: (setting) => setting.integer(100, 15_000, 3000),
  }),
  machineClientGeneration: key({
    type: "integer",
    default: 1,
    read: (setting) => setting.integer(1, 9999, 1),
  }),
  enrichedConnections: key({
    type: "array",
    items: "string",
    default: [],
    read: (setting) => setting.set((name) => name.textOrNone(connectionNameProblem), "azure-ad"),
  }),
  enrichedStrategies: key({
    type: "array",
    items: "string",
    default: [],
    read: (setting) => setting.set((name) => name.textOrNone(strategyProblem), "samlp"),
  }),
  linkedIdentities: key({ type: "boolean", default: false, read: (setting) => setting.boolean(false) }),
  postLoginBinding: key<"exclusive" | "shared">({
    type: "string",
    default: "exclusive",
    read: (setting) => setting.choice(["shared", "exclusive"]),
  }),
  postLoginBefore: key({ type: "array", items: "object", default: [], read: readBindings }),
  postLoginAfter: key({ type: "array", items: "object", default: [], read: readBindings }),
  bindAction: key({ type: "boolean", default: true, read: (setting) => setting.boolean(true) }),
  preflight: key({
    type: "boolean",
    declared: false,
    read: (setting) => (setting.present ? setting.boolean(true) : undefined),
  }),
  customDomain: key({
    type: "string",
    default: "",
    read: (setting) => setting.optionalText("login.xyz.example", hostNameProblem),
  }),
  protect: key({ type: "boolean", default: false, read: (setting) => setting.boolean(true) }),
};

/** The name of a key that is not a secret. */
export type KeyName = keyof typeof keys;

/** The value of each key, checked without the others. The rules between keys are checked later. */
export type Values = { readonly [Name in KeyName]: ReturnType<(typeof keys)[Name]["read"]> };

function strategyProblem(name: string): string | undefined {
  return /^[a-z0-9-]+$/.test(name) ? undefined : "not the name of a strategy, such as waad or samlp";
}
