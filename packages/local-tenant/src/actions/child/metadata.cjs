"use strict";

const { byteLength } = Buffer;

// https://auth0.com/docs/customize/actions/transaction-metadata
const MAX_KEY = 64;
const MAX_VALUE = 8192;
const MAX_TOTAL = 16_384;

const sizeOf = (key, value) => byteLength(key) + byteLength(String(value));

/** `api.transaction`. What it sets shows at once in `event.transaction.metadata`, in later Actions too. */
exports.createTransaction = (metadata, record) => ({
  setMetadata: (key, value) => {
    check(key, value);
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

function check(key, value) {
  if (typeof key !== "string" || key === "" || key.length > MAX_KEY) {
    throw new Error(`The key of transaction metadata must be a string of 1 to ${MAX_KEY} characters.`);
  }
  const finite = typeof value === "number" && Number.isFinite(value);
  if (value !== null && typeof value !== "string" && typeof value !== "boolean" && !finite) {
    throw new Error(
      `The value of the transaction metadata "${key}" must be a string, a number, a boolean or null.`,
    );
  }
  if (byteLength(String(value)) > MAX_VALUE) {
    throw new Error(
      `The value of the transaction metadata "${key}" exceeds the limit of ${MAX_VALUE} bytes.`,
    );
  }
}

/** `api.user`: gathered over all Actions and written once, after the flow. */
exports.createUser = (record, api) => {
  const setter = (kind, name) => (key, value) => {
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
