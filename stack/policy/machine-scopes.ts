import type { GroupSource } from "../../action/settings.ts";

/**
 * Everything the machine client may do on the Management API: read one employee's profile.
 *
 * The directory's groups are on the profile's root, so `read:users` is enough. `read:user_idp_tokens` would
 * give out the employee's tokens of the directory. No scope to write is needed.
 */
export const machineScopes = ["read:users"] as const;

/** Whether the Action may ask the Management API, and so whether the machine client has to exist at all. */
export function needsMachineClient(sources: readonly GroupSource[]): boolean {
  return sources.includes("management-api");
}
