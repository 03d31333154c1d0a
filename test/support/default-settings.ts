import type { ActionSettings } from "../../action/settings.ts";

/** The Action's settings as the stack makes them from the sample's configuration and the defaults. */
export const defaultSettings: ActionSettings = {
  groupsClaim: "https://xyz.example/claims/groups",
  groupSources: ["event", "directory-sync", "management-api"],
  groupPolicy: {},
  tokens: ["id"],
  onMissingGroups: "omit",
  managementApiTimeoutMs: 3000,
  connections: ["azure-ad"],
  strategies: [],
  linkedIdentities: false,
};
