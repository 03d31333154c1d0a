import { listenForInterrupts } from "../local/start/interrupts.ts";
import { writeDifferenceCsv } from "./against/csv.ts";
import { differencesOf } from "./against/difference.ts";
import { writeDifferenceJson } from "./against/json.ts";
import { writeDifferenceMarkdown } from "./against/markdown.ts";
import { isDifferent } from "./against/output.ts";
import type { DifferenceOutput } from "./against/output.ts";
import { startRef } from "./against/ref-side.ts";
import { DifferenceTally } from "./against/tally.ts";
import { writeDifferenceText } from "./against/text.ts";
import type { Format, ReviewArguments } from "./arguments.ts";
import { writeCsv } from "./claims/csv.ts";
import { writeJson } from "./claims/json.ts";
import { writeMarkdown } from "./claims/markdown.ts";
import type { ClaimsOutput, Write } from "./claims/output.ts";
import { startSide } from "./claims/side-process.ts";
import { writeText } from "./claims/text.ts";
import { Closing } from "./closing.ts";
import { checkStack, readDirectory } from "./inputs.ts";
import { ReviewProgress } from "./progress.ts";
import { ReaderGone, StandardOutput } from "./standard-output.ts";

/**
 * Makes the claims, or what is different in them, and writes them to standard output.
 * @returns the exit code.
 * @throws {UserError} for what keeps them from being made.
 */
export async function runClaims(root: string, asked: ReviewArguments): Promise<number> {
  checkStack(root, asked.stack);
  const { source, people } = readDirectory(root, asked.directory);
  const closing = new Closing();
  const interrupts = listenForInterrupts(() => undefined, process.env);
  const { signal } = interrupts;
  const sides = asked.against === undefined ? 1 : 2;
  const progress = new ReviewProgress(process.stderr, process.env, { people: people.length, sides });
  const clear = () => process.stderr.isTTY && process.stdout.isTTY && process.stderr.write("\r\u001b[2K");
  const output = new StandardOutput(process.stdout, clear);
  const width = Math.max(...people.map(({ employee }) => employee.email.length));
  const run: Run = {
    ...{ root, asked, source, width, signal, closing, progress },
    write: output.write,
  };
  try {
    const code = await interrupts.race(
      asked.against === undefined ? writeClaims(run) : writeDifference(run, asked.against),
    );
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

interface Run {
  readonly root: string;
  readonly asked: ReviewArguments;
  readonly source: ReturnType<typeof readDirectory>["source"];
  /** Of the longest email. */
  readonly width: number;
  readonly signal: AbortSignal;
  readonly closing: Closing;
  readonly progress: ReviewProgress;
  readonly write: Write;
}

async function writeClaims({ root, asked, source, width, closing, progress, write }: Run): Promise<number> {
  const side = await startSide({ root, stack: asked.stack, directory: source }, closing);
  await OUTPUTS[asked.format](width)(progress.count(side), write);
  return 0;
}

async function writeDifference(run: Run, ref: string): Promise<number> {
  const { root, asked, source, width, signal, closing, progress, write } = run;
  const options = { root, stack: asked.stack, directory: source };
  const say = (text: string) => progress.say(text);
  // The ref first: most of what can be wrong is wrong there, and is told before anybody is signed in.
  const starting = [
    startRef({ ...options, ref, signal, say }, closing),
    startSide(options, closing),
  ] as const;
  const [before, after] = await Promise.all(starting);
  const changes = differencesOf(progress.count(before).rows, progress.count(after).rows);
  const difference = { before: before.head, after: after.head, changes };
  const tally = new DifferenceTally();
  await DIFFERENCE_OUTPUTS[asked.format](width)(difference, tally, write);
  return asked.exitCode && isDifferent(difference, tally) ? 1 : 0;
}

const OUTPUTS: Readonly<Record<Format, (personWidth: number) => ClaimsOutput>> = {
  text: writeText,
  json: () => writeJson,
  csv: () => writeCsv,
  markdown: () => writeMarkdown,
};

const DIFFERENCE_OUTPUTS: Readonly<Record<Format, (personWidth: number) => DifferenceOutput>> = {
  text: writeDifferenceText,
  json: () => writeDifferenceJson,
  csv: () => writeDifferenceCsv,
  markdown: () => writeDifferenceMarkdown,
};
