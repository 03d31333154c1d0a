import { UserError } from "./tenant/errors.ts";
import { exec } from "./tool/exec.ts";
import { exportConfiguration } from "./tool/export.ts";
import { importConfiguration } from "./tool/import.ts";
import { parseOptions, UsageError } from "./tool/options.ts";
import type { ToolOptions } from "./tool/options.ts";
import { reset } from "./tool/reset.ts";
import { start } from "./tool/start.ts";
import { USAGE } from "./tool/usage.ts";

function help(): number {
  process.stdout.write(USAGE);
  return 0;
}

const COMMANDS: Record<ToolOptions["command"], (options: ToolOptions) => number | Promise<number>> = {
  help,
  start,
  exec,
  export: (options) => exportConfiguration(options),
  import: (options) => importConfiguration(options),
  reset,
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
    // What the file system refuses (a full disk, a folder that is a file) is for the person at the keyboard too.
    const told =
      error instanceof UserError || (error instanceof Error && "syscall" in error && "path" in error);
    if (!told) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main();
