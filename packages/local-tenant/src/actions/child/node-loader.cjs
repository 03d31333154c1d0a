"use strict";

/** @typedef {(request: string, ...more: unknown[]) => unknown} Load */

/** @type {unknown} */
const Module = require("node:module");

// SAFETY: Node's types do not name it; `require` has called it since its beginning.
const loader = /** @type {{ _load: Load }} */ (Module);

/** Node's own, which `built-ins.cjs` puts another in front of. */
exports.load = loader._load;
exports.loader = loader;
