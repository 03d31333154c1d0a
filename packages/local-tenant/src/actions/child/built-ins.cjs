"use strict";
// What all tenants of a process have in common: the classes and functions of the language and of Node, and
// Node's modules. An Action or a package that changes one of them has the process for itself.

const Module = require("node:module");
const { SETTINGS, setOf, watch } = require("./intrinsics.cjs");
const { addToHttp } = require("./request-headers.cjs");

/** @typedef {(request: string, ...more: unknown[]) => unknown} Load */

// SAFETY: Node's types do not name it; `require` has called it since its beginning.
const loader = /** @type {{ _load: Load }} */ (/** @type {unknown} */ (Module));
const load = loader._load;

/** Properties of `process` that Node itself changes, or that `globals.cjs` puts aside. */
const OF_PROCESS = setOf("env", "_events", "_eventsCount", "_exiting", "domain", "chdir");
/** What Node counts in an agent. */
const COUNTERS = setOf("totalSocketCount");

/** @type {(() => boolean)[]} */
const changed = [];
/** @type {WeakSet<object>} */
const seen = new WeakSet();

exports.changesBuiltIns = () => {
  for (const isChanged of changed) if (isChanged()) return true;
  return false;
};

/**
 * Remembers what is there, and each of Node's modules when it is loaded. Call it before any code of the
 * Action runs.
 */
exports.watchBuiltIns = () => {
  loader._load = function (request, ...more) {
    /** @type {unknown} */
    const exports = Reflect.apply(load, this, [request, ...more]);
    return Module.isBuiltin(request) ? rememberModule(request, exports) : exports;
  };
  const { getBuiltinModule } = process;
  if (getBuiltinModule !== undefined)
    process.getBuiltinModule = (/** @type {string} */ id) => rememberModule(id, getBuiltinModule(id));

  const values = valuesOf(globalThis).filter((value) => value !== globalThis);
  /** @type {unknown} */
  const typed = Object.getPrototypeOf(Uint8Array);
  remember([...values, Buffer, typed, ...valuesOf(Intl)], SETTINGS);
  remember([process], OF_PROCESS);
  /** @type {import("node:events").EventEmitter} */
  const emitter = process;
  const listeners = () => emitter.eventNames().flatMap((name) => [name, ...emitter.rawListeners(name)]);
  const before = listeners();
  changed.push(() => {
    const now = listeners();
    return now.length !== before.length || now.some((value, index) => value !== before[index]);
  });
};

let isHttpReady = false;

/**
 * @template Exports
 * @param {string} id
 * @param {Exports} exports
 */
function rememberModule(id, exports) {
  if (!isObject(exports) || seen.has(exports)) return exports;
  if (!isHttpReady && /^(node:)?https?$/.test(id)) {
    isHttpReady = true;
    // SAFETY: this is what `require` answers.
    addToHttp(/** @type {typeof import("node:http")} */ (load("node:http")));
  }
  const { globalAgent } = /** @type {{ globalAgent?: { options: object } }} */ (exports);
  remember(
    [exports, ...valuesOf(exports), ...(globalAgent === undefined ? [] : [globalAgent.options])],
    COUNTERS,
  );
  return exports;
}

/**
 * @param {readonly unknown[]} values
 * @param {Readonly<Record<PropertyKey, true>>} ignored
 */
function remember(values, ignored) {
  const objects = values
    .filter(isObject)
    .flatMap((value) =>
      typeof value === "function" ? [value, /** @type {unknown} */ (value.prototype)] : [value],
    )
    .filter(isObject)
    .filter((value) => !seen.has(value));
  for (const object of objects) seen.add(object);
  changed.push(watch(objects, ignored));
}

/**
 * Of all properties but those that are computed.
 * @param {object} object
 * @returns {unknown[]}
 */
function valuesOf(object) {
  return Object.values(Object.getOwnPropertyDescriptors(object)).map(
    ({ value }) => /** @type {unknown} */ (value),
  );
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
