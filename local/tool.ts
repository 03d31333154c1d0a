import { UserError } from "./tenant/errors.ts";
import { parseOptions, UsageError } from "./tool/options.ts";
import type { ToolOptions } from "./tool/options.ts";
import { USAGE } from "./tool/usage.ts";

function help(): number {
  process.stdout.write(USAGE);
  return 0;
}

/** Each loads what it needs: a mistyped line is answered before the whole tenant is read. */
const COMMANDS: Record<ToolOptions["command"], (options: ToolOptions) => number | Promise<number>> = {
  help,
  start: async (options) => (await import("./tool/start.ts")).start(options),
  exec: async (options) => (await import("./tool/exec.ts")).exec(options),
  export: async (options) => (await import("./tool/export.ts")).exportConfiguration(options),
  import: async (options) => (await import("./tool/import.ts")).importConfiguration(options),
  reset: async (options) => (await import("./tool/reset.ts")).reset(options),
};

/** npm runs scripts in the project's folder; names of files, and commands, are meant where npm was called. */
function goToCaller(): void {
  const { npm_lifecycle_event: script, INIT_CWD: caller } = process.env;
  if (script === "tenant" && caller) process.chdir(caller);
}

async function main(): Promise<number> {
  try {
    goToCaller();
    const options = parseOptions(process.argv.slice(2));
    return await COMMANDS[options.command](options);
  } catch (error) {
    const message = error instanceof UserError ? error.message : refusalOfTheDisk(error);
    if (message === undefined) throw error;
    process.stderr.write(`${message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What the file system refuses (no permission, a full disk, a folder that is a file) is for the person at the keyboard too. */
function refusalOfTheDisk(error: unknown): string | undefined {
  if (!(error instanceof Error && "syscall" in error && "path" in error)) return undefined;
  const reason = error.message.split(",")[0];
  return `${String(error.path)} cannot be used (${reason}). Look at its permissions and at what it is, or name another place.`;
}

process.exitCode = await main();
