"use strict";

/** @import { Recorder } from "../child-types.ts" */
/** @import { SessionOfEvent } from "../types.ts" */

const MAX_ENTRIES = 25;
const MAX_LENGTH = 255;

/**
 * `api.session` and `api.refreshToken`, which share their shape. `kind` is the name of the effect, `subject`
 * what messages call it. A session's metadata can only be set where there is a session; a refresh token's
 * also before there is one.
 * @param {"session" | "refreshToken"} kind
 * @param {string} subject
 * @param {SessionOfEvent | undefined} entity
 * @param {Recorder} record
 */
exports.createLifecycle = (kind, subject, entity, record) => {
  /** @type {Record<string, string>} */
  const metadata = { ...entity?.metadata };
  const publish = () => {
    if (entity !== undefined) entity.metadata = { ...metadata };
    record(kind, "metadata", metadata);
  };
  const missing = kind === "session" && entity === undefined;
  /** @param {"expiresAt" | "idleExpiresAt"} what */
  const expiry = (what) => (/** @type {unknown} */ time) => {
    if (typeof time !== "number" || !Number.isFinite(time) || time <= 0) {
      throw new Error(
        `The expiration time of a ${subject} must be given in milliseconds since the Unix epoch.`,
      );
    }
    record(kind, what, time);
  };
  return {
    /**
     * @param {unknown} reason
     * @param {{ readonly preserveRefreshTokens?: unknown }} [options]
     */
    revoke: (reason, options) => {
      if (typeof reason !== "string") throw new Error(`A ${subject} is revoked for a reason, a string.`);
      record(kind, "revoke", reason, options?.preserveRefreshTokens === true);
    },
    setExpiresAt: expiry("expiresAt"),
    setIdleExpiresAt: expiry("idleExpiresAt"),
    /**
     * @param {string} key
     * @param {string | null} value
     */
    setMetadata: (key, value) => {
      try {
        if (missing) throw new Error("Cannot set metadata on a session that does not exist.");
        if (value === null && !Object.hasOwn(metadata, key)) return;
        if (value !== null) check(key, value, metadata);
        if (value === null) delete metadata[key];
        else metadata[key] = value;
      } catch (error) {
        throw new Error(
          `Failed to set ${subject} metadata: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      publish();
    },
    /** @param {string} key */
    deleteMetadata: (key) => {
      if (missing || !Object.hasOwn(metadata, key)) return;
      delete metadata[key];
      publish();
    },
    evictMetadata: () => {
      if (missing) return;
      for (const key of Object.keys(metadata)) delete metadata[key];
      publish();
    },
  };
};

/**
 * `api.session.setCookieMode`.
 * @param {Recorder} record
 */
exports.cookieMode = (record) => (/** @type {unknown} */ mode) => {
  if (mode !== "persistent" && mode !== "non-persistent") {
    throw new Error(`Invalid cookie mode: ${mode}. Valid values are 'persistent' and 'non-persistent'.`);
  }
  record("session", "cookieMode", mode);
};

/**
 * @param {unknown} key
 * @param {unknown} value
 * @param {Readonly<Record<string, string>>} metadata
 */
function check(key, value, metadata) {
  if (typeof key !== "string" || !/^[a-zA-Z0-9_-]{1,255}$/.test(key)) {
    throw new Error("Invalid metadata: keys are 1 to 255 letters, digits, underscores or hyphens.");
  }
  if (typeof value !== "string" || value.length > MAX_LENGTH || value.includes("\0")) {
    throw new Error(
      `Invalid metadata: values are strings of at most ${MAX_LENGTH} characters without a null byte.`,
    );
  }
  if (!Object.hasOwn(metadata, key) && Object.keys(metadata).length >= MAX_ENTRIES) {
    throw new Error(`Invalid metadata: at most ${MAX_ENTRIES} entries.`);
  }
}
