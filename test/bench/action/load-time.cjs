"use strict";
// Loads an Action's source from standard input as the tenant's instances do, in a process that has loaded
// nothing else of it, and prints how many milliseconds that took.

const { readFileSync } = require("node:fs");
const { createLoader } = require("../../../packages/local-tenant/src/actions/child/loader.cjs");

const code = readFileSync(0, "utf8");
const packages = { auth0: require.resolve("../../../package.json") };
const started = performance.now();
const loaded = createLoader({ name: "measured", code, packages }, console)();
const milliseconds = performance.now() - started;
if ("error" in loaded) throw loaded.error;
process.stdout.write(String(milliseconds));
