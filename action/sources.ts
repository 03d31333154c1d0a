import { Failure, type Outcome } from "./outcome.ts";
import { groupsInAttributes } from "./profile.ts";
import type { Reader, Search } from "./search.ts";
import type { GroupSource } from "./settings.ts";
import { groupsFromDirectorySync } from "./sources/directory-sync.ts";
import { groupsFromManagementApi } from "./sources/management-api.ts";
import { isStale } from "./staleness.ts";

/** False in a bundle whose settings do not name the source: then neither its code nor the SDK is in it. */
declare const WITH_MANAGEMENT_API: boolean;
/** False in a bundle whose settings name no age limit. */
declare const WITH_AGE_LIMIT: boolean;

/** The groups as the first source that knew the employee gave them, or why none did. */
export type Found =
  | { readonly source: GroupSource; readonly groups: readonly string[] }
  | { readonly outcome: Outcome; readonly groups?: undefined };

const readers: Readonly<Record<GroupSource, Reader | undefined>> = {
  event: async ({ attributes, identifier }) => groupsInAttributes(attributes, identifier),
  "directory-sync": groupsFromDirectorySync,
  "management-api": WITH_MANAGEMENT_API ? groupsFromManagementApi : undefined,
};

/**
 * Asks the sources in their order; the first that knows the employee's groups wins, also when it knows that there are
 * none. A source that fails is passed over, unless it found out that the account is linked: that holds for all. When none knows
 * the groups, the outcome is what says most about why: `unreadable`, which asking again does not mend, before the failure of the last
 * source that failed, before `stale`, before `missing`. Never rejects.
 */
export async function findGroups(search: Search): Promise<Found> {
  const { event, settings } = search;
  const stale = WITH_AGE_LIMIT && isStale(event, settings.groupsMaxAgeMinutes ?? 0);
  let outcome: Outcome = stale ? "stale" : "missing";
  for (const source of settings.groupSources) {
    // The other two repeat what the directory said at the last real sign-in.
    if (stale && source !== "directory-sync") continue;
    try {
      const groups = await readers[source]?.(search);
      if (groups) return { source, groups };
    } catch (error) {
      const failed = error instanceof Failure ? error.outcome : "fault";
      if (failed === "linked") return { outcome: failed };
      if (outcome !== "unreadable") outcome = failed;
    }
  }
  return { outcome };
}
