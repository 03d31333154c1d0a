"use strict";
// Closes what Node's permission model leaves open. Measured on Node 20.20, 22.23 and 24: with the model on,
// an Action could signal the tenant's process and thereby open its debugger, change its priority, connect to
// Unix sockets (a container engine's, say) and make socket files, and have trace_events write a log into the
// working folder. All of that goes through the functions below. They are replaced before any code of an
// Action is read, and no reference to the real ones is left where the Action could look.

/** @import { WithHandle } from "../child-types.ts" */

const { syncBuiltinESMExports } = require("node:module");

/**
 * Functions of `process` that reach other processes, load native code, give out handles, or change the
 * whole process.
 */
const PROCESS = [
  "_debugEnd",
  "_debugProcess",
  "_getActiveHandles",
  "_getActiveRequests",
  "_kill",
  "_linkedBinding",
  "_startProfilerIdleNotifier",
  "_stopProfilerIdleNotifier",
  "binding",
  "chdir",
  "dlopen",
  "execve",
  "initgroups",
  "kill",
  "loadEnvFile",
  "openStdin",
  "ref",
  "setegid",
  "seteuid",
  "setgid",
  "setgroups",
  "setuid",
  "umask",
  "unref",
];

/**
 * The same in built-in modules.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const MODULES = {
  os: ["setPriority"],
  v8: [
    "setFlagsFromString",
    "setHeapSnapshotNearHeapLimit",
    "startCpuProfile",
    "takeCoverage",
    "writeHeapSnapshot",
  ],
  module: ["register", "enableCompileCache"],
  trace_events: ["createTracing"],
  sqlite: ["DatabaseSync", "backup"],
};

/**
 * The permission model refuses these, too, so they need not be loaded for this at each start: they are sealed
 * where an Action loads them.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const LATE = {
  crypto: ["setEngine"],
  inspector: ["open", "url", "waitForDebugger", "Session"],
  cluster: ["fork", "setupPrimary", "setupMaster"],
};

/**
 * `pipe` is the handle of the line to the tenant.
 * @param {object} pipe
 */
exports.sealProcess = (pipe) => {
  // An Action must not see any variable. Node has read ours (TZ) before this line.
  define(process, "env", {});
  for (const name of PROCESS) if (name in process) define(process, name, refusal(`process.${name}`));
  for (const name of ["report", "mainModule", "_preload_modules"])
    if (name in process) define(process, name, undefined);
  for (const [id, names] of Object.entries(MODULES)) {
    const module = process.getBuiltinModule?.(`node:${id}`) ?? optional(`node:${id}`);
    if (module !== undefined) sealModule(id, module, names);
  }
  sealHandle(pipe);
  syncBuiltinESMExports();
};

/**
 * Seals a module that is loaded now.
 * @param {string} id
 * @param {object} module
 */
exports.sealLate = (id, module) => {
  const name = id.replace(/^node:/, "");
  const names = Object.hasOwn(LATE, name) ? LATE[name] : undefined;
  if (names !== undefined) sealModule(name, module, names);
  if ("ChildProcess" in module) {
    // SAFETY: only `child_process` has it.
    const { ChildProcess } = /** @type {typeof import("node:child_process")} */ (module);
    // SAFETY: Node's types do not name it; each has one from the start.
    const spawner = /** @type {import("node:child_process").ChildProcess & WithHandle} */ (
      new ChildProcess()
    );
    sealHandle(spawner._handle);
  }
  if (names !== undefined) syncBuiltinESMExports();
};

/**
 * @param {string} id
 * @param {object} module
 * @param {readonly string[]} names
 */
function sealModule(id, module, names) {
  for (const name of names) if (name in module) define(module, name, refusal(`${id}.${name}`));
}

/**
 * @param {string} id
 * @returns {object | undefined}
 */
function optional(id) {
  try {
    /** @type {unknown} */
    const module = require(id);
    return /** @type {object} */ (module);
  } catch {
    // This Node.js is older than the module, or was built without it.
    return undefined;
  }
}

/**
 * The handles under Node's sockets and child processes. A socket of this machine has a path and no port, and
 * everything that opens one goes through the first of these.
 * @param {object} handle
 */
function sealHandle(handle) {
  /** @type {unknown} */
  const prototype = Object.getPrototypeOf(handle);
  if (typeof prototype !== "object" || prototype === null) return;
  for (const name of ["bind", "connect", "fchmod", "listen", "spawn", "kill"])
    if (name in prototype) define(prototype, name, refusal("a local socket or process"));
}

/**
 * @param {object} object
 * @param {string} name
 * @param {unknown} value
 */
function define(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** @param {string} name */
function refusal(name) {
  return () => {
    throw refused(name);
  };
}

/** @param {string} what */
function refused(what) {
  return Object.assign(new Error(`${what} cannot be used in an Action.`), { code: "ERR_ACCESS_DENIED" });
}
