"use strict";

const { ownKeys, getOwnPropertyDescriptor } = Reflect;

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

/**
 * `Error.stackTraceLimit` and its like are settings that packages change as a matter of course.
 * @type {ReadonlySet<PropertyKey>}
 */
const IGNORED = new Set(["stackTraceLimit", "prepareStackTrace", "captureStackTrace"]);

const baseline = WATCHED.map((object) => ({
  object,
  before: new Map(ownKeys(object).map((key) => [key, valueOf(object, key)])),
}));

/**
 * @param {object} object
 * @param {PropertyKey} key
 * @returns {unknown}
 */
function valueOf(object, key) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor?.get ?? descriptor?.value;
}

/** Whether a built-in object has gained, lost or changed a property since the process began. */
exports.intrinsicsChanged = () =>
  baseline.some(({ object, before }) => {
    const keys = ownKeys(object).filter((key) => !IGNORED.has(key));
    const known = [...before.keys()].filter((key) => !IGNORED.has(key));
    return (
      keys.length !== known.length ||
      keys.some((key) => !before.has(key) || before.get(key) !== valueOf(object, key))
    );
  });
