import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { UserError } from "./errors.ts";
import { givingBack, ownership } from "./ownership.ts";

const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC:
    "The disk is full. Free some space and start again; files are replaced whole, so what was kept before is still there.",
  EDQUOT: "The disk quota is used up. Free some space and start again; what was kept before is still there.",
  EROFS: "The folder can only be read. Move the checkout to where it can be written to.",
  EMFILE: "Too many files are open. Raise the limit (ulimit -n) and start again.",
};

/**
 * Describes an error: in one line for the person at the keyboard, or with its stack where it is a bug of the
 * project.
 */
export function errorText(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return `Something was thrown that is not an error: ${String(error)}`;
  return (
    systemText(error) ?? sourceText(error) ?? `This is a bug of the project: ${error.stack ?? error.message}`
  );
}

/** What the system refuses: no permission, a full disk, a folder that is a file. */
function systemText(error: Error): string | undefined {
  const code = "code" in error ? String(error.code) : "";
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  if ((code === "EACCES" || code === "EPERM") && path !== undefined) {
    const whose = ownership(path);
    // A file that cannot be made needs its folder.
    const making = "syscall" in error && error.syscall === "open" && !existsSync(path);
    const mend = givingBack(making ? dirname(path) : path);
    return `${error.message}. ${whose === "" ? "This user may not do that" : whose}. Type: ${mend}`;
  }
  const advice = Object.hasOwn(SYSTEM, code) ? SYSTEM[code] : undefined;
  if (advice !== undefined) return `${error.message}. ${advice}`;
  if (path === undefined || !("syscall" in error)) return undefined;
  const reason = error.message.split(",")[0];
  return `${path} cannot be used (${reason}). Look at its permissions and at what it is, or name another place.`;
}

/**
 * A source that cannot be compiled: tsx throws esbuild's report, with a line `FILE:LINE:COLUMN: ERROR: text`
 * for each complaint.
 */
function sourceText(error: Error): string | undefined {
  if (error.name !== "TransformError") return undefined;
  const complaints = [...error.message.matchAll(/^(.+):(\d+):(\d+): ERROR: (.*)$/gm)];
  const [, file = "", line = "", column = "", text = ""] = complaints[0] ?? [];
  if (file === "") return undefined;
  const others = complaints.length - 1;
  const more = others === 0 ? "" : ` (and ${others} more)`;
  // esbuild counts columns from 0, editors from 1.
  return `${relative(process.cwd(), file) || file}:${line}:${Number(column) + 1}: ${text}${more}`;
}
