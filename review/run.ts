import { listenForInterrupts } from "../local/start/interrupts.ts";
import type { Format, ReviewArguments } from "./arguments.ts";
import { writeCsv } from "./claims/csv.ts";
import { writeJson } from "./claims/json.ts";
import { writeMarkdown } from "./claims/markdown.ts";
import type { ClaimsOutput } from "./claims/output.ts";
import { startSide } from "./claims/side-process.ts";
import { writeText } from "./claims/text.ts";
import { Closing } from "./closing.ts";
import { checkStack, readDirectory } from "./inputs.ts";
import type { DirectoryInput } from "./inputs.ts";
import { ReviewProgress } from "./progress.ts";
import { ReaderGone, StandardOutput } from "./standard-output.ts";

/**
 * Makes the claims and writes them to standard output.
 * @returns the exit code.
 * @throws {UserError} for what keeps them from being made.
 */
export async function runClaims(root: string, asked: ReviewArguments): Promise<number> {
  checkStack(root, asked.stack);
  const directory = readDirectory(root, asked.directory);
  const closing = new Closing();
  const interrupts = listenForInterrupts(() => undefined, process.env);
  try {
    return await interrupts.race(write(root, asked, directory, closing));
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    throw error;
  } finally {
    await closing.close();
    interrupts.stopListening();
  }
}

async function write(
  root: string,
  asked: ReviewArguments,
  { source, people }: DirectoryInput,
  closing: Closing,
): Promise<number> {
  const { stack, format } = asked;
  const progress = new ReviewProgress(process.stderr, process.env, { people: people.length, sides: 1 });
  closing.add(() => progress.done());
  const side = await startSide({ root, stack, directory: source }, closing);
  const clear = () => process.stderr.isTTY && process.stdout.isTTY && process.stderr.write("\r\u001b[2K");
  const output = new StandardOutput(process.stdout, clear);
  const width = Math.max(...people.map(({ employee }) => employee.email.length));
  await OUTPUTS[format](width)(progress.count(side), output.write);
  await output.flush();
  return 0;
}

const OUTPUTS: Readonly<Record<Format, (personWidth: number) => ClaimsOutput>> = {
  text: writeText,
  json: () => writeJson,
  csv: () => writeCsv,
  markdown: () => writeMarkdown,
};
