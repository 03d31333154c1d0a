import { execFileSync } from "node:child_process";
import { relative, resolve, sep } from "node:path";
import { loadDirectory } from "../packages/local-tenant/src/directory/directory.ts";
import { UserError } from "../packages/local-tenant/src/lib/errors.ts";
import { didYouMean } from "../packages/local-tenant/src/lib/nearest.ts";
import { peopleOf } from "./claims/people.ts";
import type { Person } from "./claims/people.ts";
import { stackFiles } from "./claims/stack-files.ts";
import type { SideOptions } from "./claims/side.ts";

/** Where the people are read from. */
export interface DirectoryInput {
  readonly source: SideOptions["directory"];
  readonly people: readonly Person[];
}

/**
 * Reads the directory file.
 * @param given Its path from the folder in which the command was typed; `local/directory.json` of the project
 * unless given.
 * @throws {UserError} one line for a file that cannot be used.
 */
export function readDirectory(root: string, given?: string): DirectoryInput {
  const file = given === undefined ? resolve(root, "local", "directory.json") : resolve(given);
  const people = peopleOf(loadDirectory(file));
  const below = relative(root, file);
  const name = below.startsWith("..") ? file : below.split(sep).join("/");
  const date = commitDate(root, file);
  return { source: { file, name, ...(date !== undefined && { date }) }, people };
}

/** @throws {UserError} one line with the nearest name, for a stack that has no file. */
export function checkStack(root: string, stack: string): void {
  const names = stackFiles(root).map((file) => file.slice("Pulumi.".length, -".yaml".length));
  if (names.includes(stack)) return;
  const hint = didYouMean(stack, names) || ` There is ${names.join(", ") || "none"}.`;
  throw new UserError(`There is no stack ${stack}: Pulumi.${stack}.yaml is not there.${hint}`);
}

/**
 * When a file was last committed: a fresh clone has none of the file's own dates. Absent where it is changed
 * or not in git.
 */
function commitDate(root: string, file: string): string | undefined {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, ...args, "--", file], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    return git("status", "--porcelain", "--ignored") === ""
      ? git("log", "-1", "--format=%cI") || undefined
      : undefined;
  } catch {
    return undefined;
  }
}
