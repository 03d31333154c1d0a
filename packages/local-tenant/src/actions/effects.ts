import type { TriggerCache } from "./cache.ts";
import { isPlainObject } from "./parse-message.ts";
import type { Effects } from "./protocol.ts";
import type { Denial, FlowError, FlowOutcome, SessionChanges, TransactionValue } from "./types.ts";
import { parseUrl } from "../lib/parse-url.ts";

type Changeable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * What the Actions of one flow have asked for so far. Keys come from Actions, so nothing here is a plain
 * object.
 */
export interface Gathered {
  readonly idToken: Map<string, unknown>;
  readonly accessToken: Map<string, unknown>;
  readonly scopes: Map<string, "add" | "remove">;
  readonly saml: Map<string, unknown>;
  readonly samlConfiguration: Map<string, unknown>;
  readonly appMetadata: Map<string, unknown>;
  readonly userMetadata: Map<string, unknown>;
  readonly transaction: Map<string, TransactionValue>;
  readonly methods: string[];
  readonly session: Changeable<SessionChanges>;
  readonly refreshToken: Changeable<SessionChanges>;
  denial?: Denial;
  error?: FlowError;
  redirect?: { url: string; actionId: string };
}

export function createGathered(transaction: Readonly<Record<string, TransactionValue>> = {}): Gathered {
  return {
    idToken: new Map(),
    accessToken: new Map(),
    scopes: new Map(),
    saml: new Map(),
    samlConfiguration: new Map(),
    appMetadata: new Map(),
    userMetadata: new Map(),
    transaction: new Map(Object.entries(transaction)),
    methods: [],
    session: {},
    refreshToken: {},
  };
}

type Effect = (flow: Gathered, parts: readonly unknown[], actionId: string, cache: TriggerCache) => void;

/** One function for each thing that an Action can ask for; what is not in the expected shape is left out. */
const EFFECTS: Readonly<Record<keyof Effects, Effect>> = {
  idToken: (flow, parts) => setClaim(flow.idToken, parts),
  accessToken: (flow, parts) => setClaim(flow.accessToken, parts),
  saml: (flow, parts) => setClaim(flow.saml, parts),
  samlConfiguration: (flow, parts) => setClaim(flow.samlConfiguration, parts),
  appMetadata: (flow, parts) => setClaim(flow.appMetadata, parts),
  userMetadata: (flow, parts) => setClaim(flow.userMetadata, parts),
  scope: (flow, [how, scope]) => {
    if ((how !== "add" && how !== "remove") || typeof scope !== "string") return;
    flow.scopes.delete(scope);
    flow.scopes.set(scope, how);
  },
  transaction: (flow, [key, value]) => {
    if (typeof key !== "string") return;
    if (value === null) flow.transaction.delete(key);
    else if (isTransactionValue(value)) flow.transaction.set(key, value);
  },
  method: (flow, [url]) => {
    if (typeof url === "string") flow.methods.push(url);
  },
  cache: (_flow, [operation, key, value, expiresAt], _id, cache) => {
    if (typeof key !== "string") return;
    if (operation === "delete") cache.delete(key);
    else if (typeof value === "string" && typeof expiresAt === "number") cache.set(key, value, expiresAt);
  },
  deny: (flow, [reason, code], actionId) => {
    if (typeof reason !== "string") return;
    flow.denial ??= { reason, actionId, ...(typeof code === "string" ? { code } : {}) };
  },
  redirect: (flow, [url], actionId) => {
    if (typeof url === "string" && parseUrl(url) !== undefined) flow.redirect = { url, actionId };
  },
  session: (flow, parts, actionId) => changeLifecycle(flow, flow.session, parts, actionId),
  refreshToken: (flow, parts, actionId) => changeLifecycle(flow, flow.refreshToken, parts, actionId),
  unsupported: (flow, [message], actionId) => {
    flow.error ??= { message: String(message), actionId, kind: "unsupported" };
  },
  limit: (flow, [message], actionId) => {
    flow.error ??= { message: String(message), actionId, kind: "limit" };
  },
};

/** Adds what one run asked for, in its order. */
export function applyEffects(
  flow: Gathered,
  effects: readonly (readonly unknown[])[],
  actionId: string,
  cache: TriggerCache,
): void {
  for (const [kind, ...parts] of effects) {
    if (isKind(kind)) EFFECTS[kind](flow, parts, actionId, cache);
  }
}

function isKind(kind: unknown): kind is keyof Effects {
  return typeof kind === "string" && Object.hasOwn(EFFECTS, kind);
}

/** The parts of an outcome that come only from effects. */
export function outcomeOf(flow: Gathered): Omit<FlowOutcome, "runs"> {
  const scopes = [...flow.scopes];
  const status = statusOf(flow);
  return {
    status,
    ...(status === "denied" && flow.denial !== undefined ? { denial: flow.denial } : {}),
    ...(status === "failed" && flow.error !== undefined ? { error: flow.error } : {}),
    ...(status === "redirect" && flow.redirect !== undefined ? { redirect: flow.redirect } : {}),
    idTokenClaims: Object.fromEntries(flow.idToken),
    accessTokenClaims: Object.fromEntries(flow.accessToken),
    scopes: {
      added: scopes.filter(([, how]) => how === "add").map(([scope]) => scope),
      removed: scopes.filter(([, how]) => how === "remove").map(([scope]) => scope),
    },
    samlAttributes: Object.fromEntries(flow.saml),
    samlConfiguration: Object.fromEntries(flow.samlConfiguration),
    appMetadata: Object.fromEntries(flow.appMetadata),
    userMetadata: Object.fromEntries(flow.userMetadata),
    transactionMetadata: Object.fromEntries(flow.transaction),
    recordedMethods: [...flow.methods],
    session: flow.session,
    refreshToken: flow.refreshToken,
  };
}

/** An error outweighs a denial, and a denial outweighs a redirect. */
export function statusOf(flow: Gathered): FlowOutcome["status"] {
  if (flow.error !== undefined) return "failed";
  if (flow.denial !== undefined) return "denied";
  return flow.redirect === undefined ? "completed" : "redirect";
}

function setClaim(claims: Map<string, unknown>, [key, value]: readonly unknown[]): void {
  if (typeof key !== "string" || key === "__proto__") return;
  if (value === undefined) claims.delete(key);
  else claims.set(key, value);
}

function isTransactionValue(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function changeLifecycle(
  flow: Gathered,
  changes: Changeable<SessionChanges>,
  [what, value, option]: readonly unknown[],
  actionId: string,
): void {
  if (what === "revoke" && typeof value === "string") {
    changes.revoked ??= { reason: value, preserveRefreshTokens: option === true };
    flow.denial ??= { reason: value, actionId };
  } else if ((what === "expiresAt" || what === "idleExpiresAt") && typeof value === "number") {
    changes[what] = Math.min(changes[what] ?? Infinity, value);
  } else if (what === "cookieMode" && (value === "persistent" || value === "non-persistent")) {
    changes.cookieMode = value;
  } else if (what === "metadata" && isPlainObject(value)) {
    const entries = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    changes.metadata = Object.fromEntries(entries);
  }
}
