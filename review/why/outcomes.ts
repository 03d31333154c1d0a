import type { Outcome } from "../../action/outcome.ts";

/**
 * What the Action's word for the end of its run says about groups that it never came to look at
 * (docs/action.md).
 */
const SENTENCES: Readonly<Record<Exclude<Outcome, "ok" | "capped" | "filtered" | "not-carried">, string>> = {
  empty: "The source says that the employee has no groups.",
  missing: "No source knows the employee's groups.",
  skipped:
    "The connection is not one whose employees get their groups (enrichedConnections, or groupPolicy.include of the directory).",
  linked: "The account is linked to another profile, so it is not known whose groups they would be.",
  stale: "The last sign-in at the directory is longer ago than groupsMaxAgeMinutes.",
  unreadable: "The groups have a shape that the Action does not understand.",
  "bad-policy": "The group policy in the application's metadata cannot be read, so no group may pass.",
  "sync-error": "The directory's groups in Auth0 could not be read to the end.",
  timeout: "The deadline passed before a source had answered.",
  "rate-limited": "The Management API has a limit, and it was reached.",
  unauthorized: "The Management API refused the machine client's credentials.",
  forbidden: "The Management API did not let the machine client read users.",
  "not-found": "The Management API does not know the user.",
  network: "The Management API could not be reached.",
  "api-error": "The Management API answered with an error.",
  "bad-answer": "The Management API answered with something else than the user.",
  paused: "The Action left the Management API alone after several failures.",
  fault: "The Action's own code failed.",
};

/** The sentence for an outcome or another mark of the Action's; undefined where the groups were looked at. */
export function whyUnread(mark: string): string | undefined {
  return Object.hasOwn(SENTENCES, mark) ? SENTENCES[mark as keyof typeof SENTENCES] : undefined;
}
