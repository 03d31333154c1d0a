import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, type } from "node:os";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import type { Effort } from "./parts/part.ts";

/** Where the figures are kept that docs/performance.md is made from. */
export const RESULTS = fileURLToPath(new URL("./results.json", import.meta.url));

/** Figures of one part, and where they are from. */
export interface Section {
  readonly date: string;
  readonly machine: string;
  readonly effort: Effort;
  /** How long the part took to measure. */
  readonly seconds: number;
  readonly figures: unknown;
}

export type Results = Readonly<Record<string, Section>>;

export function readResults(file = RESULTS): Results {
  // SAFETY: only `writeSection` writes the file.
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : {};
}

/** Replaces the figures of one part and leaves the others. */
export async function writeSection(name: string, section: Section, file = RESULTS): Promise<void> {
  const results = { ...readResults(file), [name]: section };
  writeFileSync(file, await format(JSON.stringify(results), { parser: "json", printWidth: 110 }));
}

/** The machine, its load at the moment, and Node.js, in one line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  return `${type()}, ${availableParallelism()} cores (${model}), Node.js ${process.versions.node}, load ${load} at the start`;
}
