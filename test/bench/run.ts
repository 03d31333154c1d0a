import { resolve } from "node:path";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";
import { HELP, parseArguments } from "./arguments.ts";
import type { BenchOptions } from "./arguments.ts";
import { report, writePage } from "./page.ts";
import { PARTS } from "./parts/all.ts";
import type { Part } from "./parts/part.ts";
import { machine, readResults, writeSection } from "./results.ts";

async function main(args: readonly string[]): Promise<void> {
  const options = parseArguments(args);
  if (options.help) return void process.stdout.write(HELP);
  if (!options.page) {
    for (const name of options.parts) await measure(name, options);
    if (!isKept(options)) return;
  }
  if (options.results === undefined) await writePage(readResults());
}

async function measure(name: string, options: BenchOptions): Promise<void> {
  const part = await PARTS[name]?.();
  if (part === undefined) return;
  const here = machine();
  process.stdout.write(`${name}: ${here}\n`);
  const started = performance.now();
  const figures = await measureIn(part, options);
  process.stdout.write(`\n${await report(part, figures)}\n`);
  if (!isKept(options)) return;
  const date = new Date().toISOString().slice(0, 10);
  const seconds = Math.round((performance.now() - started) / 1000);
  await writeSection(
    name,
    { date, machine: here, effort: options.effort, seconds, figures },
    options.results,
  );
}

function measureIn(part: Part, { effort, alone, beside }: BenchOptions): Promise<unknown> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  return withTemporaryFolder((folder) =>
    part.measure({ effort, alone, folder, say, ...(beside !== undefined && { beside: resolve(beside) }) }),
  );
}

/** Only whole runs of this checkout are figures that others should read; a file that is named gets any. */
function isKept({ effort, alone, beside, results }: BenchOptions): boolean {
  return results !== undefined || (effort === "full" && !alone && beside === undefined);
}

await runEntry(main);
