import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("./main.mjs", import.meta.url));

/**
 * Node.js arguments with which a child runs a program of this project from its bundle. By path, because its
 * folder may be anywhere.
 */
export function launched(script: string): [launcher: string, script: string] {
  return [LAUNCHER, script];
}
