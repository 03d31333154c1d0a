import type { Deadline } from "./deadline.ts";
import type { Identifier } from "./effective-policy.ts";
import { Failure, type Outcome } from "./outcome.ts";
import { type Attributes, groupsOf } from "./profile.ts";
import type { ActionSettings, GroupSource } from "./settings.ts";
import { groupsFromDirectorySync } from "./sources/directory-sync.ts";
import { groupsFromManagementApi } from "./sources/management-api.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

/** False in a bundle whose settings do not name the source: then neither its code nor the SDK is in it. */
declare const WITH_MANAGEMENT_API: boolean;

/** What the sources need to know of a run. */
export interface Search {
  readonly event: PostLoginEvent;
  readonly api: PostLoginApi;
  readonly settings: ActionSettings;
  /** The name of the connection that the employee signed in with. */
  readonly connection: string;
  readonly identifier: Identifier;
  /** The directory's part of the profile in the event. */
  readonly attributes: Attributes;
  /** One for all waiting together. */
  readonly deadline: Deadline;
  /** Filled with remarks for the log line. */
  readonly notes: string[];
}

/** The groups as the first source that knew the employee gave them, or why none did. */
export type Found =
  | { readonly source: GroupSource; readonly groups: readonly string[] }
  | { readonly outcome: Outcome; readonly groups?: undefined };

/**
 * Asks the sources in their order; the first that knows the employee's groups wins, also when it knows that there are
 * none. A source that fails is passed over. Never rejects.
 */
export async function findGroups(search: Search): Promise<Found> {
  let outcome: Outcome = "missing";
  for (const source of search.settings.groupSources) {
    try {
      const groups = await ask(source, search);
      if (groups) return { source, groups };
    } catch (error) {
      outcome = error instanceof Failure ? error.outcome : "fault";
    }
  }
  return { outcome };
}

async function ask(source: GroupSource, search: Search): Promise<readonly string[] | undefined> {
  // What the directory wrote to the profile at sign-in: costs no call.
  if (source === "event") return groupsOf(search.attributes, search.identifier);
  if (source === "directory-sync") return groupsFromDirectorySync(search);
  if (typeof WITH_MANAGEMENT_API === "undefined" || WITH_MANAGEMENT_API)
    return groupsFromManagementApi(search);
  return undefined;
}
