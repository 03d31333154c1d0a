"use strict";
// Loads the Action's source the way production does: as the body of a function that is given `module`, `exports`, `console` and
// `require`, once per instance; what it throws is thrown again at each later run.

const vm = require("node:vm");
const { createRequire, isBuiltin } = require("node:module");
const { RuntimeError } = require("./errors.cjs");

/** Built-ins whose only use is to reach out of the process. Others load, and Node's permission model guards what they do. */
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

exports.loadAction = ({ code, name, packages }, console) => {
  const module = { exports: {} };
  try {
    const importModuleDynamically = (specifier) => importPackage(specifier, packages);
    const body = vm.compileFunction(code, ["module", "exports", "console", "require"], {
      filename: `${name}.js`,
      importModuleDynamically,
    });
    body(module, module.exports, console, createActionRequire(packages));
    return { module };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(error ? String(error) : "Unknown error") };
  }
};

exports.findHandler = (action, entry) => {
  if ("error" in action) throw action.error;
  const { exports } = action.module;
  const handler = typeof exports === "object" && exports !== null ? exports[entry] : undefined;
  if (typeof handler !== "function" || handler.constructor?.name !== "AsyncFunction") {
    throw new RuntimeError(
      `Invalid function signature for the "${entry}" handler. Use "exports.${entry} = async function(event, api) { }" as the signature.`,
      "signature",
    );
  }
  return handler;
};

/** `packages` maps each declared name to the file whose `require` finds it. */
function createActionRequire(packages) {
  const check = (request) => checkRequest(request, packages);
  const actionRequire = (request) => {
    const from = check(request);
    return from === undefined ? require(request) : createRequire(from)(request);
  };
  actionRequire.resolve = (request) => {
    const from = check(request);
    return from === undefined ? request : createRequire(from).resolve(request);
  };
  return actionRequire;
}

async function importPackage(specifier, packages) {
  const from = checkRequest(specifier, packages);
  if (from === undefined) return import(specifier);
  const { pathToFileURL } = require("node:url");
  return import(pathToFileURL(createRequire(from).resolve(specifier)).href);
}

/** The file to resolve from, or `undefined` for a built-in. */
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

function packageName(request) {
  if (/^(\.|\/|[A-Za-z]:[\\/]|#|file:)/.test(request)) return undefined;
  return request
    .split("/")
    .slice(0, request.startsWith("@") ? 2 : 1)
    .join("/");
}
