/** Where the groups of an employee can come from, in the order in which they are asked unless the configuration has another. */
export const GROUP_SOURCES = ["event", "directory-sync", "management-api"] as const;

export type GroupSource = (typeof GROUP_SOURCES)[number];

/** The tokens (or the assertion) that the claim goes into. */
export type ClaimTarget = "id" | "access" | "saml";

/** What of the directory's groups reaches an application, and under which names. */
export interface GroupPolicy {
  /** Patterns of the groups that are kept; empty or absent keeps all. `*` stands for any run of characters. */
  readonly include?: readonly string[];
  /** Patterns of the groups that are left out, after `include`. */
  readonly exclude?: readonly string[];
  /** A prefix that is cut from each name that has it. */
  readonly stripPrefix?: string;
  /** Names as they are after `stripPrefix`, mapped to the names that the application knows. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Friendly names or directory object ids. */
  readonly identifier?: "name" | "id";
  /** The most groups in the claim. */
  readonly maxCount?: number;
  /** The most bytes of the claim's value as JSON. */
  readonly maxBytes?: number;
}

/** The constants that the stack builds into the Action's bundle. */
export interface ActionSettings {
  /** The claim's name, an http(s) URL the company controls. */
  readonly groupsClaim: string;
  readonly groupSources: readonly GroupSource[];
  /** The stack's policy: the first layer, which every other one stays inside of. */
  readonly groupPolicy: GroupPolicy;
  /** Policies of single directories by the names of their connections, former ones too: the second layer for their employees. */
  readonly directoryPolicies?: Readonly<Record<string, GroupPolicy>>;
  /**
   * Minutes since the last real (`federated`) sign-in after which the groups of `event` and `management-api` are not used any
   * more; 0 or absent: no limit.
   */
  readonly groupsMaxAgeMinutes?: number;
  readonly tokens: readonly ClaimTarget[];
  /** What happens to the sign-in when no group can be had. */
  readonly onMissingGroups: "omit" | "deny";
  /** Milliseconds for the whole Management API branch. */
  readonly managementApiTimeoutMs: number;
  /** Names of the connections whose employees are enriched, former names of the stack's own included. */
  readonly connections: readonly string[];
  /** Strategies, such as `waad`, of which every connection's employees are. */
  readonly strategies: readonly string[];
  /** Whether the groups of an account that is linked to another connection's profile are read, too. */
  readonly linkedIdentities: boolean;
}
