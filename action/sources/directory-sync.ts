import { beforeDeadline } from "../deadline.ts";
import { Failure } from "../outcome.ts";
import type { Search } from "../sources.ts";
import type { SyncedGroup, SyncedGroups } from "../types.ts";

const PAGE_SIZE = 100;
const MAX_PAGES = 50;

/**
 * Reads the groups that SCIM or Directory Sync keeps in Auth0, page by page. Groups of other connections are left out;
 * as ids only the directory's own (`external_id`) count, never Auth0's. Undefined when there is none: a tenant that
 * syncs nothing answers with an empty list as well, so it proves nothing. Part of a list is never used: a page that
 * cannot be had rejects with a `sync-error` {@link Failure}.
 */
export async function groupsFromDirectorySync(search: Search): Promise<readonly string[] | undefined> {
  const { event, api, identifier, deadline } = search;
  const source = api.groups;
  if (!source?.getUserGroups) return undefined;
  const own = event.connection?.id;
  const names = (await beforeDeadline(deadline, (signal) => allPages(source, signal)))
    .filter((group) => group && (group.connection_id ?? own) === own)
    .map((group) => (identifier === "id" ? group.external_id : group.name))
    .filter((name) => typeof name === "string");
  return names.length > 0 ? names : undefined;
}

async function allPages(source: SyncedGroups, signal: AbortSignal): Promise<SyncedGroup[]> {
  const all: SyncedGroup[] = [];
  let from: string | undefined;
  try {
    for (let page = 0; page < MAX_PAGES && !signal.aborted; page += 1) {
      const { groups, next } = await source.getUserGroups({ take: PAGE_SIZE, ...(from && { from }) });
      if (!groups) break;
      all.push(...groups);
      if (!next) return all;
      from = next;
    }
  } catch {
    // Said below: what Auth0 throws may name the person.
  }
  throw new Failure("sync-error");
}
