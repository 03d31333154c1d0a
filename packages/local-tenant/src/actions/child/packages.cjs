"use strict";
// The packages that one tenant's instance of the Action has required, in Node's own cache of modules.

/** @import { LoadMessage } from "../protocol.ts" */

const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { isModuleNamespaceObject } = require("node:util/types");

/** Whether the Action has imported a package as an ES module. */
let imported = false;

exports.noteImport = () => {
  imported = true;
};

exports.createPackages = () => {
  // SAFETY: Node's types do not name it; it is what `require.cache` is everywhere.
  const cache = /** @type {Record<string, NodeJS.Module>} */ (
    /** @type {{ _cache?: unknown }} */ (Module)._cache
  );
  // What is in it so far is this process's own, of which an Action needs nothing.
  for (const file of Object.keys(cache)) delete cache[file];
  /** @type {Map<string, boolean>} */
  const known = new Map();

  /** @param {string} file */
  const importsItself = (file) => {
    const answer = known.get(file) ?? /\bimport\s*\(/.test(readFileSync(file, "utf8"));
    known.set(file, answer);
    return answer;
  };

  return {
    /**
     * ES modules stay in a cache of Node's that nobody can reach, so there is never a second instance of one.
     * And whoever names undici may have replaced what `fetch` sends requests with.
     * @param {LoadMessage} source
     */
    canPutAside: ({ code }) =>
      !imported &&
      !code.includes("undici") &&
      Object.entries(cache).every(
        ([file, { exports }]) =>
          !isModuleNamespaceObject(exports) &&
          !/\.mjs$|[\\/]undici[\\/]/.test(file) &&
          !(/\.c?js$/.test(file) && importsItself(file)),
      ),
    /** Takes them out of the cache, and answers a function that puts them back. */
    putAside: () => {
      const entries = Object.entries(cache);
      for (const [file] of entries) delete cache[file];
      return () => {
        for (const [file, module] of entries) cache[file] = module;
      };
    },
  };
};
