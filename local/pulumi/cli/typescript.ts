import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Node.js arguments with which a child reads TypeScript. By address, because its folder may be anywhere. */
export const TYPESCRIPT: readonly string[] = [
  "--import",
  pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href,
];
