import type { Deadline } from "./deadline.ts";
import type { Identifier } from "./effective-policy.ts";
import type { Attributes } from "./profile.ts";
import type { ActionSettings } from "./settings.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

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

/** Gives the employee's groups, undefined when it does not know them, or rejects with a {@link Failure}. */
export type Reader = (search: Search) => Promise<readonly string[] | undefined>;
