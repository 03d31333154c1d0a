"use strict";
// Loads the Action's source the way production does: as the body of a function that is given `module`,
// `exports`, `console` and `require`, once per instance; what it throws is thrown again at each later run.
// The source is compiled once, and each call of that function makes a module with a state of its own.

/** @import { Handler, LoadedAction } from "../child-types.ts" */
/** @import { LoadMessage } from "../protocol.ts" */
/** @import { EntryPoint } from "../types.ts" */

/** @typedef {LoadMessage["packages"]} Packages */

const vm = require("node:vm");
const { createRequire, isBuiltin } = require("node:module");
const { RuntimeError } = require("./errors.cjs");
const { noteImport } = require("./packages.cjs");

/**
 * Built-in modules whose only use is to reach out of the process. Others can be loaded, and Node's
 * permission model guards what they do.
 */
const REFUSED = new Set([
  "cluster",
  "inspector",
  "inspector/promises",
  "repl",
  "sqlite",
  "test",
  "trace_events",
  "wasi",
]);

/** @typedef {(module: object, exports: object, console: object, require: object) => unknown} Body */

/**
 * @param {Pick<LoadMessage, "code" | "name" | "packages">} source
 * @param {object} console
 * @returns {() => LoadedAction}
 */
exports.createLoader = ({ code, name, packages }, console) => {
  const importModuleDynamically = (/** @type {string} */ specifier) => importPackage(specifier, packages);
  const parameters = ["module", "exports", "console", "require"];
  const options = { filename: `${name}.js`, importModuleDynamically };
  /** @type {Body | undefined} */
  let body;
  return () => {
    const actionModule = { exports: {} };
    try {
      // SAFETY: it is a function of these parameters.
      body ??= /** @type {Body} */ (vm.compileFunction(code, parameters, options));
      body(actionModule, actionModule.exports, console, createActionRequire(packages));
      return { module: actionModule };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(error ? String(error) : "Unknown error") };
    }
  };
};

/**
 * @param {LoadedAction} action
 * @param {EntryPoint} entry
 * @returns {Handler}
 */
exports.findHandler = (action, entry) => {
  if ("error" in action) throw action.error;
  const exported = action.module.exports;
  const handler =
    typeof exported === "object" && exported !== null
      ? /** @type {{ [Name in EntryPoint]?: unknown }} */ (exported)[entry]
      : undefined;
  if (typeof handler !== "function" || handler.constructor?.name !== "AsyncFunction") {
    throw new RuntimeError(
      `Invalid function signature for the "${entry}" handler. Use "exports.${entry} = async function(event, api) { }" as the signature.`,
      "signature",
    );
  }
  // SAFETY: it is an async function, and the Action decides what it takes.
  return /** @type {Handler} */ (handler);
};

/**
 * `packages` maps each declared name to the file whose `require` finds it.
 * @param {Packages} packages
 */
function createActionRequire(packages) {
  const check = (/** @type {unknown} */ request) => checkRequest(request, packages);
  /**
   * @param {string} request
   * @returns {unknown}
   */
  const actionRequire = (request) => {
    const from = check(request);
    return from === undefined ? require(request) : createRequire(from)(request);
  };
  actionRequire.resolve = (/** @type {string} */ request) => {
    const from = check(request);
    return from === undefined ? request : createRequire(from).resolve(request);
  };
  return actionRequire;
}

/**
 * @param {string} specifier
 * @param {Packages} packages
 * @returns {Promise<vm.Module>}
 */
async function importPackage(specifier, packages) {
  const from = checkRequest(specifier, packages);
  const { pathToFileURL } = require("node:url");
  if (from === undefined) require(specifier);
  else noteImport();
  const place = from === undefined ? specifier : pathToFileURL(createRequire(from).resolve(specifier)).href;
  /** @type {unknown} */
  const namespace = await import(place);
  // SAFETY: Node takes a namespace in the place of a module, as its documentation says and its types do not.
  return /** @type {vm.Module} */ (namespace);
}

/**
 * The file to resolve from, or `undefined` for a built-in.
 * @param {unknown} request
 * @param {Packages} packages
 */
function checkRequest(request, packages) {
  if (typeof request !== "string" || request === "") {
    throw new TypeError("require() needs the name of a module, a non-empty string.");
  }
  if (isBuiltin(request)) {
    if (!REFUSED.has(request.replace(/^node:/, ""))) return undefined;
    throw new Error(`The built-in module "${request}" cannot be used in an Action.`);
  }
  const name = packageName(request);
  if (name === undefined) {
    throw new Error(
      `Cannot find module "${request}": an Action is a single file. Bundle it, or use a package from npm.`,
    );
  }
  if (!Object.hasOwn(packages, name)) {
    throw new Error(`Cannot find module "${request}": declare "${name}" among the Action's dependencies.`);
  }
  return packages[name];
}

/** @param {string} request */
function packageName(request) {
  if (/^(\.|\/|[A-Za-z]:[\\/]|#|file:)/.test(request)) return undefined;
  return request
    .split("/")
    .slice(0, request.startsWith("@") ? 2 : 1)
    .join("/");
}
