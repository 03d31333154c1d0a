import { UsageError } from "../lib/errors.ts";
import { parseOptions } from "./options.ts";
import type { CommandDefaults, ToolOptions } from "./options.ts";
import { usage } from "./usage.ts";

/**
 * Each command loads what it needs, so that a mistyped line is answered before the whole tenant is loaded.
 */
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
 * Runs one command of the tool.
 * @returns the command's own exit code.
 * @throws {UsageError} for a command line that cannot be understood.
 */
export async function runCommand(args: readonly string[], defaults: CommandDefaults): Promise<number> {
  const options = understood(args, defaults);
  if (options.command !== "help") return COMMANDS[options.command](options);
  process.stdout.write(usage(defaults));
  return 0;
}

function understood(args: readonly string[], defaults: CommandDefaults): ToolOptions {
  try {
    return parseOptions(args, defaults);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} See ${defaults.name} --help.`);
  }
}
