import { join } from "node:path";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { flagsTakenByNpm, HELP, parseArguments } from "./arguments.ts";
import { faultText } from "./fault.ts";
import { Interrupted, listenForInterrupts } from "./interrupts.ts";
import { Terminal } from "./terminal.ts";

/**
 * `npm start`: everything on standard error, the report on standard output.
 * @returns the exit code: 0, 1 after a fault, 130 when it was stopped before it was up.
 */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const terminal = new Terminal(process.stderr, env);
  const interrupts = listenForInterrupts(
    () => terminal.say("\nStopping. Ctrl-C again ends it at once."),
    env,
  );
  try {
    const lost = flagsTakenByNpm(env, args);
    if (lost !== undefined) throw new UserError(lost);
    const start = parseArguments(args);
    if (start.help) {
      process.stdout.write(HELP);
      return 0;
    }
    // Only now: the Pulumi SDK takes a second to load, and a slip in the flags should not have to wait for it.
    const starting = terminal.progress("Starting");
    const { ROOT, run } = await import("./run.ts").finally(() => starting.done());
    const folder = env["WORKFORCE_SSO_LOCAL"] ?? join(ROOT, ".local");
    await run({ start, env, terminal, stdout: process.stdout, interrupts, folder });
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    terminal.say(`${terminal.paint.red("Error:")} ${faultText(error)}`);
    return 1;
  } finally {
    interrupts.stopListening();
  }
}
