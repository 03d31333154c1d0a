import { beforeDeadline } from "../deadline.ts";
import { Failure } from "../outcome.ts";
import { textsOf } from "../profile.ts";
import type { Reader } from "../search.ts";
import type { SyncedGroup, SyncedGroups } from "../types.ts";

/**
 * Reads the groups that SCIM or Directory Sync keeps in Auth0, page by page. Only groups of the signed-in
 * connection count: a group without a connection belongs to the tenant or to an organization, and people
 * other than the directory's may edit it. As ids only the directory's own (`external_id`) count, never
 * Auth0's. Returns undefined if there are no groups, because a tenant that syncs nothing also answers with an
 * empty list. A part of a list is never used: if a page cannot be read, it rejects with a `sync-error` {@link
 * Failure}, and if a page is not a list of groups, with `unreadable`.
 */
export const groupsFromDirectorySync: Reader = async ({ event, api, identifier, deadline }) => {
  const source = api.groups;
  const own = event.connection?.id;
  if (!source?.getUserGroups || typeof own !== "string" || !own) return;
  const pages = await beforeDeadline(deadline, (signal) => allPages(source, signal));
  const all = pages.flat();
  if (!pages.every(Array.isArray) || !all.every((group) => Object(group) === group))
    throw new Failure("unreadable");
  const field = identifier === "id" ? "external_id" : "name";
  const names = all
    .filter((group) => group.connection_id === own)
    .map((group) => group[field])
    .filter((name) => (name ?? "") !== "");
  return names.length > 0 ? textsOf(names) : undefined;
};

async function allPages(source: SyncedGroups, signal: AbortSignal): Promise<(readonly SyncedGroup[])[]> {
  const pages: (readonly SyncedGroup[])[] = [];
  let from: string | undefined;
  try {
    while (pages.length < 50 && !signal.aborted) {
      const { groups, next } = await source.getUserGroups({ take: 100, ...(from && { from }) });
      if (!groups) break;
      pages.push(groups);
      if (!next) return pages;
      from = next;
    }
  } catch {
    // The failure below replaces Auth0's error, which may name the person.
  }
  throw new Failure("sync-error");
}
