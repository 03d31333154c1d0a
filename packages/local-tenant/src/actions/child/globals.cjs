"use strict";
// The global object, and the few settings beside it, as one tenant's instance of the Action has changed them.

const { SETTINGS } = require("./intrinsics.cjs");
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/**
 * Where Node's `fetch` and the undici package keep the object that sends requests. It cannot be taken away
 * once it is there, and `packages.cjs` looks whether an Action may have put its own in.
 */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/**
 * @typedef {{ object: object, key: PropertyKey, now: PropertyDescriptor | undefined, before:
 * PropertyDescriptor | undefined }} Change
 */

/** Remembers the global object as it is now. */
exports.rememberGlobals = () => {
  const prototype = getPrototypeOf(globalThis);
  /** @type {[object, (key: PropertyKey) => boolean][]} */
  const places = [
    [globalThis, (key) => key !== DISPATCHER],
    [Error, (key) => SETTINGS[key] !== undefined],
    [process, (key) => key === "env"],
  ];
  const before = places.map(
    ([object, isOurs]) =>
      new Map(
        ownKeys(object)
          .filter(isOurs)
          .map((key) => [key, getOwnPropertyDescriptor(object, key)]),
      ),
  );

  /** @returns {Change[]} */
  const changes = () =>
    places.flatMap(([object, isOurs], index) => {
      const known = /** @type {Map<PropertyKey, PropertyDescriptor>} */ (before[index]);
      const keys = new Set([...known.keys(), ...ownKeys(object).filter(isOurs)]);
      return [...keys]
        .map((key) => ({ object, key, now: getOwnPropertyDescriptor(object, key), before: known.get(key) }))
        .filter((change) => !isSame(change.now, change.before));
    });

  return {
    /** Whether all changes can be undone. */
    canPutAside: () =>
      getPrototypeOf(globalThis) === prototype &&
      Object.isExtensible(globalThis) &&
      changes().every(({ now }) => now === undefined || now.configurable === true),
    /** Undoes all changes, and answers a function that makes them again. */
    putAside: () => {
      const put = changes();
      for (const { object, key, before } of put) set(object, key, before);
      // Each tenant has variables of its own, which start empty.
      const { env } = process;
      process.env = {};
      return () => {
        process.env = env;
        for (const { object, key, now } of put) set(object, key, now);
      };
    },
  };
};

/**
 * @param {object} object
 * @param {PropertyKey} key
 * @param {PropertyDescriptor | undefined} descriptor
 */
function set(object, key, descriptor) {
  if (descriptor === undefined) deleteProperty(object, key);
  else defineProperty(object, key, descriptor);
}

/**
 * @param {PropertyDescriptor | undefined} one
 * @param {PropertyDescriptor | undefined} other
 */
function isSame(one, other) {
  return (
    Object.is(one?.value, other?.value) &&
    one?.get === other?.get &&
    one?.set === other?.set &&
    one?.writable === other?.writable &&
    one?.enumerable === other?.enumerable &&
    (one === undefined) === (other === undefined)
  );
}
