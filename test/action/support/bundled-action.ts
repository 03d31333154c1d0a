import { createRequire } from "node:module";
import type { onExecutePostLogin } from "../../../action/post-login.ts";
import type { ActionSettings } from "../../../action/settings.ts";
import type {
  ActionCache,
  CacheRecord,
  PostLoginApi,
  PostLoginEvent,
  SyncedGroupsPage,
} from "../../../action/types.ts";
import { type Bundle, bundleAction } from "../../../stack/bundle.ts";
import { defaultSettings } from "../../support/default-settings.ts";

/** The default settings, with time enough for a machine that is busy with other tests. */
export const settings: ActionSettings = { ...defaultSettings, managementApiTimeoutMs: 10_000 };

/** An employee's sign-in as Auth0 describes it, with groups at the profile's root. */
export const event: PostLoginEvent = {
  client: { metadata: {} },
  connection: { id: "con_azure", name: "azure-ad" },
  transaction: { protocol: "oidc-basic-profile" },
  user: {
    user_id: "waad|ada+lovelace",
    groups: ["Finance", "All staff"],
    group_ids: ["id-2", "id-1"],
    identities: [{ connection: "azure-ad", provider: "waad", user_id: "ada+lovelace" }],
  },
  secrets: {
    TENANT: "tenant.example",
    AUDIENCE: "https://tenant.example/api/v2/",
    APP_CLIENT_ID: "machine-client",
    APP_CLIENT_SECRET: "machine-secret",
  },
};

/** The same sign-in without groups in the event. */
export const eventWithoutGroups: PostLoginEvent = { ...event, user: { user_id: "waad|ada+lovelace" } };

/** What one run asked Auth0 for. */
export interface RunRecord {
  readonly idToken: Record<string, unknown>;
  readonly accessToken: Record<string, unknown>;
  readonly saml: Record<string, unknown>;
  readonly denials: string[];
  readonly lines: string[];
}

/** What a run's surroundings are; everything has a default. */
export interface Surroundings {
  readonly cache?: ActionCache;
  readonly getUserGroups?: (page?: { take?: number; from?: string }) => Promise<SyncedGroupsPage>;
  /** In place of the same parts of `api`. */
  readonly api?: Record<string, unknown>;
}

/** One instance of the bundled Action. */
export interface LoadedAction {
  run(event: PostLoginEvent, surroundings?: Surroundings): Promise<RunRecord>;
  /** Names of the packages that were required so far. */
  readonly required: string[];
}

/**
 * Builds the Action as the stack does and loads it into this process as Auth0 would into an instance: the
 * source in a function with `module`, `exports`, `require` and `console`. HTTPS requests to any host, its own
 * and the SDK's, go to the given address over plain HTTP; without an address they fail.
 */
export function loadAction(
  changes: Partial<ActionSettings> = {},
  address = "http://localhost:1",
): LoadedAction {
  const { code } = bundled({ ...settings, ...changes });
  const fetchHere = redirectingFetch(address);
  const required: string[] = [];
  const load = (name: string): unknown => {
    required.push(name);
    return createRequire(import.meta.url)(name) as unknown;
  };
  let lines: string[] = [];
  const console = { log: (line: unknown) => lines.push(String(line)) };
  const module: { exports: { onExecutePostLogin?: typeof onExecutePostLogin } } = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- as Auth0 loads an Action
  new Function("module", "exports", "require", "console", "fetch", code)(
    module,
    module.exports,
    load,
    console,
    fetchHere,
  );
  const cache = createCache();
  return {
    required,
    async run(event, surroundings = {}) {
      const record: RunRecord = { idToken: {}, accessToken: {}, saml: {}, denials: [], lines: [] };
      lines = record.lines;
      await module.exports.onExecutePostLogin?.(event, apiFor(record, { cache, ...surroundings }));
      return record;
    },
  };
}

const bundles = new Map<string, Bundle>();

/** What the stack deploys for these settings, built once. */
export function bundled(settings: ActionSettings): Bundle {
  const key = JSON.stringify(settings);
  const bundle = bundles.get(key) ?? bundleAction(settings);
  bundles.set(key, bundle);
  return bundle;
}

/**
 * A cache with Auth0's answers for what this Action does; with a `refusal` it stores nothing and says that
 * code.
 */
export function createCache(refusal?: string): ActionCache & { records: Map<string, CacheRecord> } {
  const records = new Map<string, CacheRecord>();
  return {
    records,
    get: (key) => {
      const record = records.get(key);
      return record && record.expires_at > Date.now() ? record : undefined;
    },
    set: (key, value, options) => {
      if (refusal !== undefined) return { type: "error", code: refusal };
      if (Buffer.byteLength(key) > 64) return { type: "error", code: "CacheKeySizeExceeded" };
      if (Buffer.byteLength(value) > 4096) return { type: "error", code: "CacheValueSizeExceeded" };
      records.set(key, { value, expires_at: Date.now() + (options?.ttl ?? 15 * 60_000) });
      return { type: "success" };
    },
    delete: (key) =>
      records.delete(key) ? { type: "success" } : { type: "error", code: "CacheKeyDoesNotExist" },
  };
}

function apiFor(record: RunRecord, surroundings: Surroundings & { cache: ActionCache }): PostLoginApi {
  const { cache, getUserGroups } = surroundings;
  return {
    access: { deny: (reason) => record.denials.push(reason) },
    idToken: { setCustomClaim: (name, value) => (record.idToken[name] = value) },
    accessToken: { setCustomClaim: (name, value) => (record.accessToken[name] = value) },
    samlResponse: { setAttribute: (name, value) => (record.saml[name] = value) },
    groups: { getUserGroups: getUserGroups ?? (async () => ({ groups: [] })) },
    cache,
    ...surroundings.api,
  };
}

function redirectingFetch(address: string): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return fetch(`${address}${url.pathname}${url.search}`, init);
  };
}
