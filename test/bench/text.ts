import type { Range } from "./statistics.ts";

/** A table in Markdown: the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(line)].join(
    "\n",
  );
}

/** A figure as people read it: three digits that count, and thousands apart. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

/** A median with the least and the most beside it. */
export function shownRange({ median, least, most, samples }: Range): string {
  return samples === 1 ? shown(median) : `${shown(median)} (${shown(least)} to ${shown(most)})`;
}
