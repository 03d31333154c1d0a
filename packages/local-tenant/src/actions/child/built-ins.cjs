"use strict";
// What all tenants of a process have in common: the classes and functions of the language and of Node, and
// Node's modules. An Action or a package that changes one of them has the process for itself.

/** @import { Watch } from "./intrinsics.cjs" */

const Module = require("node:module");
const { isModuleNamespaceObject } = require("node:util/types");
const { prepareTls } = require("./authority.cjs");
const { createWatch, SETTINGS, setOf } = require("./intrinsics.cjs");
const { load, loader } = require("./node-loader.cjs");
const { addToHttp } = require("./request-headers.cjs");
const { sealLate } = require("./seal.cjs");

/** Properties of `process` that Node itself changes, or that `globals.cjs` puts aside. */
const OF_PROCESS = setOf("env", "_events", "_eventsCount", "_exiting", "domain", "chdir");

const ofLanguage = createWatch(SETTINGS);
const ofProcess = createWatch(OF_PROCESS);
/** Without what Node counts in an agent. */
const ofModules = createWatch(setOf("totalSocketCount"));
/** @type {Set<unknown>} */
const seen = new Set([globalThis]);
/** @type {import("node:events").EventEmitter} */
const emitter = process;
/** @type {unknown[]} */
let listeners = [];
let isHttpReady = false;

exports.changesBuiltIns = () => {
  if (ofLanguage.isChanged() || ofProcess.isChanged() || ofModules.isChanged()) return true;
  const now = allListeners();
  return now.length !== listeners.length || now.some((value, index) => value !== listeners[index]);
};

/**
 * Remembers what is there, and each of Node's modules when it is loaded. Call it before any code of the
 * Action runs.
 */
exports.watchBuiltIns = () => {
  loader._load = function (request, ...more) {
    /** @type {unknown} */
    const exports = Reflect.apply(load, this, [request, ...more]);
    if (Module.isBuiltin(request)) return rememberModule(request, exports);
    // What an ES module has imported did not come by here.
    if (isModuleNamespaceObject(exports)) prepareTls();
    return exports;
  };
  const { getBuiltinModule } = process;
  if (getBuiltinModule !== undefined)
    process.getBuiltinModule = (/** @type {string} */ id) => rememberModule(id, getBuiltinModule(id));

  rememberAll(globalThis, ofLanguage);
  rememberAll(Intl, ofLanguage);
  remember(Buffer, ofLanguage);
  remember(Object.getPrototypeOf(Uint8Array), ofLanguage);
  ofProcess.add(process);
  seen.add(process);
  listeners = allListeners();
};

/**
 * @template Exports
 * @param {string} id
 * @param {Exports} exports
 */
function rememberModule(id, exports) {
  if (!isObject(exports) || seen.has(exports)) return exports;
  if (/^(node:)?(tls|https|http2)$/.test(id)) prepareTls();
  if (!isHttpReady && /^(node:)?https?$/.test(id)) {
    isHttpReady = true;
    // SAFETY: this is what `require` answers.
    addToHttp(/** @type {typeof import("node:http")} */ (load("node:http")));
  }
  sealLate(id, exports);
  remember(exports, ofModules);
  rememberAll(exports, ofModules);
  const { globalAgent } = /** @type {{ globalAgent?: { options: object } }} */ (exports);
  if (globalAgent !== undefined) remember(globalAgent.options, ofModules);
  return exports;
}

/**
 * Remembers all properties but those that are computed.
 * @param {object} object
 * @param {Watch} watch
 */
function rememberAll(object, watch) {
  for (const key of Reflect.ownKeys(object))
    remember(Reflect.getOwnPropertyDescriptor(object, key)?.value, watch);
}

/**
 * @param {unknown} value
 * @param {Watch} watch
 */
function remember(value, watch) {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  watch.add(value);
  if ("prototype" in value && typeof value === "function") remember(value.prototype, watch);
}

function allListeners() {
  return emitter.eventNames().flatMap((name) => [name, ...emitter.rawListeners(name)]);
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
