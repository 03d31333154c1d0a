import { Failure, type Outcome } from "./outcome.ts";
import { groupsInAttributes } from "./profile.ts";
import type { Reader, Search } from "./search.ts";
import type { GroupSource } from "./settings.ts";
import { groupsFromDirectorySync } from "./sources/directory-sync.ts";
import { groupsFromManagementApi } from "./sources/management-api.ts";
import { isStale } from "./staleness.ts";

/**
 * False in a bundle whose settings do not name the source. The bundle then contains neither its code nor the
 * SDK.
 */
declare const WITH_MANAGEMENT_API: boolean;
/** False in a bundle whose settings name no age limit. */
declare const WITH_AGE_LIMIT: boolean;

/** The groups from the first source that knew the employee's, or the outcome if none did. */
export type Found =
  | { readonly source: GroupSource; readonly groups: readonly string[] }
  | { readonly outcome: Outcome; readonly groups?: undefined };

const readers: Readonly<Record<GroupSource, Reader | undefined>> = {
  event: async ({ attributes, identifier }) => groupsInAttributes(attributes, identifier),
  "directory-sync": groupsFromDirectorySync,
  "management-api": WITH_MANAGEMENT_API ? groupsFromManagementApi : undefined,
};

/**
 * Asks the sources in their order. The first one that knows the employee's groups wins, also if it knows that
 * there are none. If a source fails, the next one is asked, unless the source found that the account is
 * linked: that is true for all sources. If no source knows the groups, the outcome is the most telling
 * reason: `unreadable`, which another try does not change, before the failure of the last source that failed,
 * before `stale`, before `missing`. Never rejects.
 */
export async function findGroups(search: Search): Promise<Found> {
  const { event, settings } = search;
  const stale = WITH_AGE_LIMIT && isStale(event, settings.groupsMaxAgeMinutes ?? 0);
  let outcome: Outcome = stale ? "stale" : "missing";
  for (const source of settings.groupSources) {
    // The other two sources repeat what the directory said at the last real sign-in.
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
