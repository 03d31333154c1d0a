import { readFileSync, writeFileSync } from "node:fs";

/**
 * Run in the copy of the repository that is broken on purpose. There each file of the Action holds all of its
 * mutants at once, which is far above what Auth0 takes, so the copy's bundler gets a limit that lets it
 * through.
 */
const FILE = "stack/bundle.ts";
const source = readFileSync(FILE, "utf8");
const lifted = source.replace("const mostBytes = 100_000;", "const mostBytes = 100_000_000;");
if (lifted === source) throw new Error(`${FILE} has no limit of 100,000 bytes to lift.`);
writeFileSync(FILE, lifted);
