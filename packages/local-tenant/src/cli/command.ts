import { UserError } from "../lib/errors.ts";
import { parseOptions, UsageError } from "./options.ts";
import type { CommandDefaults, ToolOptions } from "./options.ts";
import { usage } from "./usage.ts";

/** Each loads what it needs: a mistyped line is answered before the whole tenant is read. */
const COMMANDS: Record<
  Exclude<ToolOptions["command"], "help">,
  (options: ToolOptions) => number | Promise<number>
> = {
  start: async (options) => (await import("./start.ts")).start(options),
  exec: async (options) => (await import("./exec.ts")).exec(options),
  export: async (options) => (await import("./export.ts")).exportConfiguration(options),
  import: async (options) => (await import("./import.ts")).importConfiguration(options),
  reset: async (options) => (await import("./reset.ts")).reset(options),
};

/**
 * Runs one command of the tool, and says a person's mistake in one line on standard error.
 * @returns the exit code: the command's own, 1 after a fault, 2 for a command line that cannot be understood.
 */
export async function runCommand(args: readonly string[], defaults: CommandDefaults): Promise<number> {
  try {
    const options = parseOptions(args, defaults);
    if (options.command !== "help") return await COMMANDS[options.command](options);
    process.stdout.write(usage(defaults));
    return 0;
  } catch (error) {
    const message = error instanceof UserError ? error.message : refusalOfTheDisk(error);
    if (message === undefined) throw error;
    const usageError = error instanceof UsageError;
    process.stderr.write(`${message}${usageError ? ` See ${defaults.name} --help.` : ""}\n`);
    return usageError ? 2 : 1;
  }
}

/** What the file system refuses (no permission, a full disk, a folder that is a file) is for the person at the keyboard too. */
function refusalOfTheDisk(error: unknown): string | undefined {
  if (!(error instanceof Error && "syscall" in error && "path" in error)) return undefined;
  const reason = error.message.split(",")[0];
  return `${String(error.path)} cannot be used (${reason}). Look at its permissions and at what it is, or name another place.`;
}
