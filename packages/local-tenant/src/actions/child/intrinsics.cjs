"use strict";
// Plain loops and indexes in here: an Action may have replaced the methods of arrays and maps by the time
// these functions run.

const { ownKeys, getOwnPropertyDescriptor } = Reflect;
const { is } = Object;

/**
 * Objects that all code relies on. An Action that changes one of them does not get another sign-in in the
 * same process.
 */
const WATCHED = /** @type {readonly object[]} */ ([
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Symbol.prototype,
  RegExp.prototype,
  Date,
  Date.prototype,
  Promise,
  Promise.prototype,
  Map.prototype,
  Set.prototype,
  Error,
  Error.prototype,
  JSON,
  Math,
  Reflect,
]);

/** @typedef {Readonly<Record<PropertyKey, true>>} Keys */

/**
 * @param {readonly string[]} keys
 * @returns {Keys}
 */
const setOf = (...keys) => {
  const set = /** @type {Record<PropertyKey, true>} */ ({});
  Object.setPrototypeOf(set, null);
  for (const key of keys) set[key] = true;
  return set;
};

/** `Error.stackTraceLimit` and its like are settings that packages change as a matter of course. */
const SETTINGS = setOf("stackTraceLimit", "prepareStackTrace", "captureStackTrace");

/**
 * @param {object} object
 * @param {PropertyKey} key
 * @returns {unknown}
 */
function valueOf(object, key) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor?.get ?? descriptor?.value;
}

/**
 * @typedef {{ readonly object: object, readonly keys: PropertyKey[], readonly values: unknown[] }} Remembered
 */

/**
 * Remembers the properties of objects, and answers a function that says whether one of them has gained, lost
 * or changed a property since.
 * @param {readonly object[]} objects
 * @param {Keys} ignored
 */
function watch(objects, ignored) {
  /** @type {Remembered[]} */
  const all = objects.map((object) => {
    const keys = ownKeys(object).filter((key) => ignored[key] === undefined);
    return { object, keys, values: keys.map((key) => valueOf(object, key)) };
  });
  return () => {
    for (let index = 0; index < all.length; index++) {
      // SAFETY: the index is one of the array.
      if (isChanged(/** @type {Remembered} */ (all[index]), ignored)) return true;
    }
    return false;
  };
}

/**
 * @param {Remembered} remembered
 * @param {Keys} ignored
 */
function isChanged({ object, keys, values }, ignored) {
  const present = ownKeys(object);
  let at = 0;
  for (let index = 0; index < present.length; index++) {
    const key = /** @type {PropertyKey} */ (present[index]);
    if (ignored[key] !== undefined) continue;
    if (key !== keys[at] || !is(valueOf(object, key), values[at])) return true;
    at++;
  }
  return at !== keys.length;
}

exports.watch = watch;
exports.SETTINGS = SETTINGS;
exports.setOf = setOf;

/** Whether a built-in object has gained, lost or changed a property since the process began. */
exports.intrinsicsChanged = watch(WATCHED, SETTINGS);
