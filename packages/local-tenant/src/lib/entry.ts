import { errorText } from "./error-text.ts";
import { Interrupted, UsageError } from "./errors.ts";

/** The exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** What an entry script decides for itself. */
export interface EntryOptions {
  /** Gets the line that says what went wrong. By default it goes to standard error with a line feed. */
  readonly say?: (message: string) => void;
  /** The exit code after an error: 1 by default, and always 2 for a {@link UsageError}. */
  readonly failed?: number;
}

/**
 * Runs an entry script to its end, which is the same for all of them: an error becomes one line on standard
 * error, an {@link Interrupted} becomes nothing but its exit code, what was written to a pipe is let through,
 * and the process ends at once, since libraries such as Pulumi's engine may hold it open. A reader that goes
 * away early, such as `head`, is not an error.
 * @param main Gets the words after the script's name; answers the exit code, or nothing for 0.
 */
export async function runEntry(
  main: (args: readonly string[]) => number | void | Promise<number | void>,
  options: EntryOptions = {},
): Promise<never> {
  const { say = (message) => void process.stderr.write(`${message}\n`), failed = 1 } = options;
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  let code: number;
  try {
    code = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) say(errorText(error));
    code = codeAfter(error, failed);
  }
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write("", resolve));
  }
  process.exit(code);
}

function codeAfter(error: unknown, failed: number): number {
  if (error instanceof Interrupted) return INTERRUPTED;
  return error instanceof UsageError ? 2 : failed;
}
