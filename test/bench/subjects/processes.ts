import { readdirSync, readFileSync } from "node:fs";

/** What a process and all that it has started use at the moment. */
export interface Usage {
  readonly processes: number;
  /**
   * The proportional set size: pages of one process count whole, a page that several share counts in parts.
   * So the sum over a family of processes is what the machine has given them.
   */
  readonly mebibytes: number;
  /** Processor time so far, with that of children that have ended. */
  readonly cpuMilliseconds: number;
}

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const TICK = 10;

/** Reads what a family of processes uses; `undefined` where the system does not tell it as Linux does. */
export function usageOf(root: number): Usage | undefined {
  const family = familyOf(root);
  const all = family.flatMap((id) => {
    const usage = read(id);
    return usage === undefined ? [] : [usage];
  });
  if (all.length === 0) return undefined;
  return {
    processes: all.length,
    mebibytes: sum(all.map(({ kibibytes }) => kibibytes)) / 1024,
    cpuMilliseconds: sum(all.map(({ ticks }) => ticks)) * TICK,
  };
}

function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of list("/proc")) {
    const fields = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (fields !== undefined) parents.set(Number(name), Number(fields[1]));
  }
  const family = [root];
  // The list grows while it is walked through, until there are no more children.
  for (const parent of family) {
    for (const [id, its] of parents) if (its === parent) family.push(id);
  }
  return family;
}

function read(id: number): { kibibytes: number; ticks: number } | undefined {
  const fields = statOf(id);
  const rollup = text(`/proc/${id}/smaps_rollup`);
  const kibibytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup ?? "")?.[1] ?? Number.NaN);
  if (fields === undefined || Number.isNaN(kibibytes)) return undefined;
  // Its own time in programs and in the kernel, and that of the children that it has waited for.
  return { kibibytes, ticks: sum(fields.slice(11, 15).map(Number)) };
}

/** The fields of a process's line after its name, which may contain anything: state, parent, ... */
function statOf(id: number): string[] | undefined {
  return text(`/proc/${id}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ");
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
