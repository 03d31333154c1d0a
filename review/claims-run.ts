import { listenForInterrupts } from "../local/start/interrupts.ts";
import { startRef } from "./against/ref-side.ts";
import type { Write } from "./claims/output.ts";
import type { ClaimsSide } from "./claims/model.ts";
import { startSide } from "./claims/side-process.ts";
import type { SideOptions } from "./claims/side.ts";
import { Closing } from "./closing.ts";
import { checkStack, readDirectory } from "./inputs.ts";
import type { DirectoryInput } from "./inputs.ts";
import { ReviewProgress } from "./progress.ts";
import { ReaderGone, StandardOutput } from "./standard-output.ts";

/** What every command that makes claims is asked for. */
export interface ClaimsAsked {
  readonly stack: string;
  readonly directory?: string;
  readonly against?: string;
}

/** A command under way. */
export interface ClaimsRun {
  /** The project's folder. */
  readonly root: string;
  readonly directory: DirectoryInput;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  readonly closing: Closing;
  /** Writes to standard output. */
  readonly write: Write;
  /** Of the terminal that standard output is; absent where it is none. */
  readonly columns?: number;
  /** Starts the working tree's program, in a process of its own. */
  side(only?: SideOptions["only"]): Promise<ClaimsSide>;
  /** Starts a git ref's program beside the working tree's. */
  sides(ref: string): Promise<readonly [before: ClaimsSide, after: ClaimsSide]>;
}

/**
 * Runs a command: checks the stack and the directory file first, and undoes everything at its end, which
 * Ctrl-C is too.
 * @returns the exit code that `body` gives.
 * @throws {UserError} for what keeps the claims from being made.
 */
export async function runWithClaims(
  root: string,
  asked: ClaimsAsked,
  body: (run: ClaimsRun) => Promise<number>,
): Promise<number> {
  checkStack(root, asked.stack);
  const directory = readDirectory(root, asked.directory);
  const closing = new Closing();
  const interrupts = listenForInterrupts(() => undefined, process.env);
  const { signal } = interrupts;
  const sides = asked.against === undefined ? 1 : 2;
  const people = directory.people.length;
  const progress = new ReviewProgress(process.stderr, process.env, { people, sides });
  const clear = () => process.stderr.isTTY && process.stdout.isTTY && process.stderr.write("\r\u001b[2K");
  const output = new StandardOutput(process.stdout, clear);
  const options = { root, stack: asked.stack, directory: directory.source };
  const run: ClaimsRun = {
    ...{ root, directory, signal, closing, write: output.write },
    // A terminal that does not know its size says 0.
    ...(process.stdout.isTTY && process.stdout.columns > 0 && { columns: process.stdout.columns }),
    side: async (only) => {
      if (only !== undefined) return startSide({ ...options, only }, closing);
      return progress.count(await startSide(options, closing));
    },
    sides: async (ref) => {
      const say = (text: string) => progress.say(text);
      // The ref first: most of what can be wrong is wrong there, and is told before anybody is signed in.
      const starting = [
        startRef({ ...options, ref, signal, say }, closing),
        startSide(options, closing),
      ] as const;
      const [before, after] = await Promise.all(starting);
      return [progress.count(before), progress.count(after)];
    },
  };
  try {
    const code = await interrupts.race(body(run));
    await output.flush();
    return code;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    throw error;
  } finally {
    progress.done();
    await closing.close();
    interrupts.stopListening();
  }
}
