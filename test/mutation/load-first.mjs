import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/*
 * Loads the files that are broken before the first test. The local tenant loads much of itself only when it
 * is needed: what such a file does while it is loaded would count as done by the one test that came first,
 * and no test would notice that it is broken, because it stays loaded.
 */
for (const file of (process.env["MUTATED_FILES"] ?? "").split("\n").filter(Boolean)) {
  await import(pathToFileURL(resolve(file)).href);
}
