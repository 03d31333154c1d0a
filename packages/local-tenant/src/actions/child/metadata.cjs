"use strict";

/** @import { Recorder } from "../child-types.ts" */
/** @import { TransactionValue } from "../types.ts" */

const { byteLength } = Buffer;

// https://auth0.com/docs/customize/actions/transaction-metadata
const MAX_KEY = 64;
const MAX_VALUE = 8192;
const MAX_TOTAL = 16_384;

/**
 * @param {string} key
 * @param {TransactionValue} value
 */
const sizeOf = (key, value) => byteLength(key) + byteLength(String(value));

/**
 * `api.transaction`. What it sets shows at once in `event.transaction.metadata`, in later Actions too.
 * @param {Record<string, TransactionValue>} metadata
 * @param {Recorder} record
 */
exports.createTransaction = (metadata, record) => ({
  /**
   * @param {unknown} givenKey
   * @param {unknown} givenValue
   */
  setMetadata: (givenKey, givenValue) => {
    const { key, value } = check(givenKey, givenValue);
    const others = Object.entries(metadata).filter(([name]) => name !== key);
    const total = others.reduce((sum, [name, other]) => sum + sizeOf(name, other), 0);
    if (value !== null && total + sizeOf(key, value) > MAX_TOTAL) {
      throw new Error(`The transaction metadata would exceed the limit of ${MAX_TOTAL} bytes in total.`);
    }
    record("transaction", key, value);
    if (value === null) delete metadata[key];
    else
      Object.defineProperty(metadata, key, { value, enumerable: true, configurable: true, writable: true });
  },
});

/**
 * @param {unknown} key
 * @param {unknown} value
 */
function check(key, value) {
  if (typeof key !== "string" || key === "" || key.length > MAX_KEY) {
    throw new Error(`The key of transaction metadata must be a string of 1 to ${MAX_KEY} characters.`);
  }
  if (!isTransactionValue(value)) {
    throw new Error(
      `The value of the transaction metadata "${key}" must be a string, a number, a boolean or null.`,
    );
  }
  if (byteLength(String(value)) > MAX_VALUE) {
    throw new Error(
      `The value of the transaction metadata "${key}" exceeds the limit of ${MAX_VALUE} bytes.`,
    );
  }
  return { key, value };
}

/**
 * @param {unknown} value
 * @returns {value is TransactionValue}
 */
function isTransactionValue(value) {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

/**
 * `api.user`: changes are gathered over all Actions and written once, after the flow.
 * @template Api
 * @param {Recorder} record
 * @param {Api} api
 */
exports.createUser = (record, api) => {
  /**
   * @param {"appMetadata" | "userMetadata"} kind
   * @param {string} name
   */
  const setter = (kind, name) => (/** @type {unknown} */ key, /** @type {unknown} */ value) => {
    if (typeof key !== "string" || key === "")
      throw new Error(`The key given to api.user.${name} must be a non-empty string.`);
    record(kind, key, value ?? null);
    return api;
  };
  return {
    setAppMetadata: setter("appMetadata", "setAppMetadata"),
    setUserMetadata: setter("userMetadata", "setUserMetadata"),
  };
};
