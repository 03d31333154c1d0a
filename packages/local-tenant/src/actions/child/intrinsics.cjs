"use strict";
// Plain loops and indexes in here: an Action may have replaced the methods of arrays and maps by the time
// these functions run.

const { ownKeys: keysOf, getOwnPropertyDescriptor } = Reflect;
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

/** @typedef {{ readonly add: (object: object) => void, readonly isChanged: () => boolean }} Watch */

/**
 * Remembers the properties of objects, and tells whether one of them has gained, lost or changed a property
 * since.
 * @param {Keys} ignored
 * @returns {Watch}
 */
function createWatch(ignored) {
  /** @type {object[]} */
  const objects = [];
  /** @type {PropertyKey[][]} */
  const keys = [];
  /** @type {unknown[][]} */
  const values = [];
  return {
    add(object) {
      /** @type {PropertyKey[]} */
      const ownKeys = [];
      /** @type {unknown[]} */
      const ownValues = [];
      const all = keysOf(object);
      for (let index = 0; index < all.length; index++) {
        const key = /** @type {PropertyKey} */ (all[index]);
        if (ignored[key] !== undefined) continue;
        ownKeys.push(key);
        ownValues.push(valueOf(object, key));
      }
      objects.push(object);
      keys.push(ownKeys);
      values.push(ownValues);
    },
    isChanged() {
      for (let index = 0; index < objects.length; index++) {
        // SAFETY: the three have an entry for each object.
        const object = /** @type {object} */ (objects[index]);
        const known = /** @type {PropertyKey[]} */ (keys[index]);
        const before = /** @type {unknown[]} */ (values[index]);
        const present = keysOf(object);
        let at = 0;
        for (let place = 0; place < present.length; place++) {
          const key = /** @type {PropertyKey} */ (present[place]);
          if (ignored[key] !== undefined) continue;
          if (key !== known[at] || !is(valueOf(object, key), before[at])) return true;
          at++;
        }
        if (at !== known.length) return true;
      }
      return false;
    },
  };
}

/**
 * @param {object} object
 * @param {PropertyKey} key
 * @returns {unknown}
 */
function valueOf(object, key) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor?.get ?? descriptor?.value;
}

const builtIns = createWatch(SETTINGS);
for (const object of WATCHED) builtIns.add(object);

exports.createWatch = createWatch;
exports.SETTINGS = SETTINGS;
exports.setOf = setOf;

/** Whether a built-in object has gained, lost or changed a property since the process began. */
exports.intrinsicsChanged = builtIns.isChanged;
