import { relative } from "node:path";
import { givingBack, ownership } from "../../packages/local-tenant/src/lib/ownership.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC:
    "The disk is full. Free some space and start again; files are replaced whole, so what was kept before is still there.",
  EDQUOT: "The disk quota is used up. Free some space and start again; what was kept before is still there.",
  EROFS: "The folder can only be read. Move the checkout to where it can be written to.",
  EMFILE: "Too many files are open. Raise the limit (ulimit -n) and start again.",
};

/** An error in one line for the person, or with its stack where it is a fault of the project. */
export function faultText(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return `Something was thrown that is no error: ${String(error)}`;
  const code = "code" in error ? String(error.code) : "";
  if ((code === "EACCES" || code === "EPERM") && "path" in error && typeof error.path === "string") {
    const whose = ownership(error.path);
    return `${error.message}. ${whose === "" ? "This user may not do that" : whose}. Type: ${givingBack(error.path)}`;
  }
  const advice = SYSTEM[code];
  if (advice !== undefined) return `${error.message}. ${advice}`;
  const source = sourceFault(error);
  if (source !== undefined) return source;
  return `This is a fault of the project: ${error.stack ?? error.message}`;
}

/** A source that cannot be compiled: tsx throws esbuild's report, with a line `FILE:LINE:COLUMN: ERROR: text` for each complaint. */
function sourceFault(error: Error): string | undefined {
  if (error.name !== "TransformError") return undefined;
  const complaints = [...error.message.matchAll(/^(.+):(\d+):(\d+): ERROR: (.*)$/gm)];
  const [, file = "", line = "", column = "", text = ""] = complaints[0] ?? [];
  if (file === "") return undefined;
  const others = complaints.length - 1;
  const more = others === 0 ? "" : ` (and ${others} more)`;
  // esbuild counts columns from 0, editors from 1.
  return `${relative(process.cwd(), file) || file}:${line}:${Number(column) + 1}: ${text}${more}`;
}
