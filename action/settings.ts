/**
 * Where the groups of an employee can come from, in the order in which they are asked unless the
 * configuration has another.
 */
export const GROUP_SOURCES = ["event", "directory-sync", "management-api"] as const;

export type GroupSource = (typeof GROUP_SOURCES)[number];

/** The tokens (or the assertion) that the claim goes into. */
export type ClaimTarget = "id" | "access" | "saml";

/** Which of the directory's groups reach an application, and under which names. */
export interface GroupPolicy {
  /** Patterns of the groups to keep. Empty or absent keeps all. `*` stands for any number of characters. */
  readonly include?: readonly string[];
  /** Patterns of the groups to leave out, after `include`. */
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
  /** The stack's policy. It is the first layer, and all others lie inside it. */
  readonly groupPolicy: GroupPolicy;
  /**
   * Policies of single directories, by the current and former names of their connections. Such a policy is
   * the second layer for the directory's employees.
   */
  readonly directoryPolicies?: Readonly<Record<string, GroupPolicy>>;
  /**
   * Minutes since the last real (`federated`) sign-in after which the groups of `event` and `management-api`
   * are no longer used. 0 or absent means no limit.
   */
  readonly groupsMaxAgeMinutes?: number;
  readonly tokens: readonly ClaimTarget[];
  /** What happens to the sign-in if no groups are found. */
  readonly onMissingGroups: "omit" | "deny";
  /** Milliseconds for the whole Management API branch. */
  readonly managementApiTimeoutMs: number;
  /** Names of the connections whose employees are enriched, former names of the stack's own included. */
  readonly connections: readonly string[];
  /** Strategies, such as `waad`. Employees of every connection of such a strategy are enriched. */
  readonly strategies: readonly string[];
  /** Whether groups are read also for an account that is linked to another connection's profile. */
  readonly linkedIdentities: boolean;
}
