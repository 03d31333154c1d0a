import type { Deadline } from "./deadline.ts";
import type { Identifier } from "./effective-policy.ts";
import type { Attributes } from "./profile.ts";
import type { ActionSettings } from "./settings.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

/** What the sources need to know about a run. */
export interface Search {
  readonly event: PostLoginEvent;
  readonly api: PostLoginApi;
  readonly settings: ActionSettings;
  /** The name of the connection that the employee signed in with. */
  readonly connection: string;
  readonly identifier: Identifier;
  /** The directory's part of the profile in the event. */
  readonly attributes: Attributes;
  /** The one deadline for everything that the run waits for. */
  readonly deadline: Deadline;
  /** The sources add remarks for the log line. */
  readonly notes: string[];
}

/**
 * Returns the employee's groups, or undefined if it does not know them, or rejects with a {@link Failure}.
 */
export type Reader = (search: Search) => Promise<readonly string[] | undefined>;
