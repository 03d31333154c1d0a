/** A user profile's root as an Action or the Management API shows it. Auth0 promises only `user_id`. */
export interface Profile {
  readonly user_id?: string | undefined;
  /** Friendly names of the directory's groups, if the connection asks for them. */
  readonly groups?: unknown;
  /** Object ids of the directory's groups. */
  readonly group_ids?: unknown;
  /** The accounts behind the profile, the primary one first. */
  readonly identities?: unknown;
}

/**
 * What this Action reads from Auth0's post-login v3 `event`
 * (https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-event-object).
 */
export interface PostLoginEvent {
  readonly client?: { readonly metadata?: Readonly<Record<string, string>> };
  readonly connection?: { readonly id?: string; readonly name?: string; readonly strategy?: string };
  readonly transaction?: {
    readonly protocol?: string;
    readonly requested_scopes?: unknown;
    readonly response_type?: unknown;
  };
  /** The API that the access token is for; absent if the application asked for none. */
  readonly resource_server?: { readonly identifier?: string };
  /**
   * How and when the person proved who they are. At a silent sign-in it is what happened at the session's
   * beginning.
   */
  readonly authentication?: { readonly methods?: unknown };
  readonly user?: Profile;
  readonly secrets?: Partial<Secrets>;
}

/** The Action's secrets, which the Management API needs. */
export interface Secrets {
  /** The tenant's own host, also if it has a custom domain. */
  readonly TENANT: string;
  readonly AUDIENCE: string;
  readonly APP_CLIENT_ID: string;
  readonly APP_CLIENT_SECRET: string;
}

/** One group of Auth0's own directory, filled by SCIM or Directory Sync. */
export interface SyncedGroup {
  /** Auth0's id. */
  readonly id?: string;
  readonly name?: string;
  /** The id that the directory gave, for Entra ID the group's object id. */
  readonly external_id?: string;
  readonly connection_id?: string;
}

/** A page of the user's groups; `next` is the cursor of the page after it. */
export interface SyncedGroupsPage {
  readonly groups?: readonly SyncedGroup[];
  readonly next?: string | null;
}

/** `api.groups`: absent in older runtimes. */
export interface SyncedGroups {
  getUserGroups(page?: { readonly take?: number; readonly from?: string }): Promise<SyncedGroupsPage>;
}

/** A value in `api.cache`; `expires_at` in milliseconds since 1970. */
export interface CacheRecord {
  readonly value: string;
  readonly expires_at: number;
}

/** What `api.cache.set` and `delete` answer: refusals are values, not exceptions. */
export interface CacheResult {
  readonly type: "success" | "error";
  readonly code?: string;
}

/** The part of `api.cache` that holds the Management API token. */
export interface ActionCache {
  get(key: string): CacheRecord | undefined;
  set(key: string, value: string, options?: { readonly ttl?: number }): CacheResult;
  delete(key: string): CacheResult;
}

/** What this Action uses of Auth0's post-login v3 `api`. */
export interface PostLoginApi {
  readonly access: { deny(reason: string): unknown };
  readonly idToken: { setCustomClaim(name: string, value: unknown): unknown };
  readonly accessToken: { setCustomClaim(name: string, value: unknown): unknown };
  readonly samlResponse?: { setAttribute(name: string, value: unknown): unknown };
  readonly groups?: SyncedGroups;
  readonly cache: ActionCache;
}
