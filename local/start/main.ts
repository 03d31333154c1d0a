import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { flagsTakenByNpm, HELP, parseArguments } from "./arguments.ts";
import { localFolder } from "./context.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { Terminal } from "./terminal.ts";

const { env, stdout } = process;
const terminal = new Terminal(process.stderr, env);

/** `npm start`: everything on standard error, the report on standard output. */
await runEntry(start, { say: (message) => terminal.error(message) });

async function start(args: readonly string[]): Promise<void> {
  const interrupts = listenForInterrupts(
    () => terminal.say("\nStopping. Ctrl-C again ends it at once."),
    env,
  );
  try {
    const lost = flagsTakenByNpm(env, args);
    if (lost !== undefined) throw new UserError(lost);
    const flags = parseArguments(args);
    if (flags.help) return void stdout.write(HELP);
    // Loaded only now: the Pulumi SDK takes a second to load, and an error in the flags should be reported at
    // once.
    const starting = terminal.progress("Starting");
    const { run } = await import("./run.ts").finally(() => starting.done());
    await run(localFolder(env), { flags, env, terminal, stdout, interrupts });
  } finally {
    interrupts.stopListening();
  }
}
