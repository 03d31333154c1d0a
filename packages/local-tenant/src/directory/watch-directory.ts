import { statSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import { loadDirectory } from "./directory.ts";
import type { Directory } from "./directory.ts";

/**
 * Where the tenant looks up its employees: asked anew each time, so that people can join, move and leave
 * while it runs.
 */
export type DirectorySource = () => Directory;

/**
 * Reads a company's directory from a file, and again whenever the file has changed. A change that cannot be
 * used is reported once, and the directory stays as it was.
 * @throws {UserError} when the file cannot be used at the start.
 */
export function watchDirectory(
  file: string,
  say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): DirectorySource {
  let version = versionOf(file);
  let directory = loadDirectory(file);
  return () => {
    const latest = versionOf(file);
    if (latest === version) return directory;
    version = latest;
    try {
      directory = loadDirectory(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(`${error.message} Until then the tenant goes on with what it has read before.`);
    }
    return directory;
  };
}

/** Changes with every change of the file, also where an editor puts a new one into its place. */
function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "none" : [stat.mtimeMs, stat.size, stat.ino].join(" ");
}
