import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { flagsTakenByNpm, HELP, parseArguments } from "./arguments.ts";
import { localFolder } from "./context.ts";
import { listenForInterrupts } from "./interrupts.ts";
import type { Terminal } from "./terminal.ts";

/** `npm start`: everything on standard error, the report on standard output. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<void> {
  const interrupts = listenForInterrupts(
    () => terminal.say("\nStopping. Ctrl-C again ends it at once."),
    env,
  );
  try {
    const lost = flagsTakenByNpm(env, args);
    if (lost !== undefined) throw new UserError(lost);
    const flags = parseArguments(args);
    if (flags.help) return void process.stdout.write(HELP);
    // Only now: the Pulumi SDK takes a second to load, and a slip in the flags should not have to wait for it.
    const starting = terminal.progress("Starting");
    const { run } = await import("./run.ts").finally(() => starting.done());
    await run(localFolder(env), { flags, env, terminal, stdout: process.stdout, interrupts });
  } finally {
    interrupts.stopListening();
  }
}
