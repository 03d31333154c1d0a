/**
 * What is read of Stryker's report (https://github.com/stryker-mutator/mutation-testing-elements, its
 * schema).
 */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Both count from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** How many mutants there were, how many of them a test noticed, and a line for each of the others. */
export interface Score {
  readonly mutants: number;
  readonly noticed: number;
  readonly survivors: readonly string[];
}

const NOTICED: readonly string[] = ["Killed", "Timeout"];
const SURVIVED: readonly string[] = ["Survived", "NoCoverage"];

/**
 * Counts as Stryker does: a test that never ends has noticed something, and what cannot be run at all does
 * not count.
 */
export function scoreOf({ files }: Report): Score {
  const all = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ file, source, ...mutant })),
  );
  const noticed = all.filter(({ status }) => NOTICED.includes(status)).length;
  const survived = all.filter(({ status }) => SURVIVED.includes(status));
  const survivors = survived.map(({ file, source, location, replacement = "", status }) => {
    const { start } = location;
    const untested = status === "NoCoverage" ? " (no test runs it)" : "";
    const [before, after] = [textAt(source, location), replacement].map(oneLine);
    return `${file}:${start.line}:${start.column}${untested} ${before} -> ${after}`;
  });
  return { mutants: noticed + survived.length, noticed, survivors };
}

/** Percent, of which nothing is rounded up. */
export function percent({ mutants, noticed }: Score): number {
  return mutants === 0 ? 0 : Math.floor((noticed / mutants) * 1000) / 10;
}

function textAt(source: string, { start, end }: Mutant["location"]): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) =>
      line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined),
    )
    .join("\n");
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
