/** A distribution of milliseconds. */
export interface Spread {
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sums milliseconds up: each percentile is a measured value (nearest rank), rounded to hundredths. */
export function spread(milliseconds: readonly number[]): Spread {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const rank = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
    return Math.round(value * 100) / 100;
  };
  return { samples: sorted.length, p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}

/** Lines a table up for a terminal: the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line.map((cell, column) => pad(cell, widths[column] ?? 0, column === 0)).join("  ");
  return [
    ...lines.slice(0, 1).map(format),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...lines.slice(1).map(format),
  ].join("\n");
}

function pad(cell: string, width: number, left: boolean): string {
  return left ? cell.padEnd(width) : cell.padStart(width);
}
