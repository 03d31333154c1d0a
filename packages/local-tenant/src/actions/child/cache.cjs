"use strict";

/** @import { Recorder } from "../child-types.ts" */
/** @import { RunMessage } from "../protocol.ts" */

const { byteLength } = Buffer;

// https://auth0.com/docs/customize/actions/limitations
const MAX_KEY = 64;
const MAX_VALUE = 4096;
const MAX_TOTAL = 8192;
const MAX_ENTRIES = 20;
const DEFAULT_LIFETIME = 15 * 60_000;
const MAX_LIFETIME = 24 * 3_600_000;

/** @typedef {{ readonly ttl?: number | undefined, readonly expires_at?: number | undefined }} Lifetime */

/** @param {string} code */
const failure = (code) => ({ type: "error", code });

/**
 * @param {string} key
 * @param {string} value
 */
const sizeOf = (key, value) => byteLength(key) + byteLength(value);

/**
 * `api.cache` over a copy of the trigger's cache; the tenant applies the recorded writes after the run.
 * @param {RunMessage["cache"]} entries
 * @param {Recorder} record
 */
exports.createCache = (entries, record) => {
  const live = new Map(entries.map(([key, value, expires_at]) => [key, { value, expires_at }]));
  /** @param {string} key */
  const get = (key) => {
    const entry = live.get(key);
    if (entry === undefined || entry.expires_at <= Date.now()) return undefined;
    return { value: entry.value, expires_at: entry.expires_at };
  };
  /** @param {string} without */
  const total = (without) => {
    let size = 0;
    for (const [key, { value }] of live)
      if (key !== without && get(key) !== undefined) size += sizeOf(key, value);
    return size;
  };
  /** @param {string} without */
  const count = (without) =>
    [...live.keys()].filter((key) => key !== without && get(key) !== undefined).length;

  /**
   * @param {string} key
   * @param {string} value
   * @param {Lifetime} options
   */
  const set = (key, value, options = {}) => {
    if (byteLength(key) > MAX_KEY) return failure("CacheKeySizeExceeded");
    if (byteLength(value) > MAX_VALUE) return failure("CacheValueSizeExceeded");
    if (total(key) + sizeOf(key, value) > MAX_TOTAL) return failure("CacheSizeExceeded");
    const now = Date.now();
    const expires_at = expiry(options, now);
    if (!Number.isFinite(expires_at)) return failure("InvalidExpiry");
    if (expires_at <= now) return failure("ItemAlreadyExpired");
    if (count(key) >= MAX_ENTRIES) return failure("MaxSideEffectsExceeded");
    live.set(key, { value, expires_at });
    record("cache", "set", key, value, expires_at);
    return { type: "success", record: { value, expires_at } };
  };

  return {
    get,
    set,
    /** @param {string} key */
    delete: (key) => {
      if (get(key) === undefined) return failure("CacheKeyDoesNotExist");
      live.delete(key);
      record("cache", "delete", key);
      return { type: "success" };
    },
  };
};

/**
 * The earlier of the two ends that can be given, at most a day from now; NaN where one of them is not a
 * number.
 * @param {Lifetime} lifetime
 * @param {number} now
 */
function expiry({ ttl, expires_at }, now) {
  if (ttl === undefined && expires_at === undefined) return now + DEFAULT_LIFETIME;
  const asked = [ttl === undefined ? undefined : now + ttl, expires_at].filter((time) => time !== undefined);
  if (!asked.every(Number.isFinite)) return Number.NaN;
  return Math.min(...asked, now + MAX_LIFETIME);
}
