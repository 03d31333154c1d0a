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

/** A few measurements of the same thing. */
export interface Range {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly samples: number;
}

/** Sums measurements up; of an even number the median is the mean of the two in the middle. */
export function range(values: readonly number[]): Range {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
  return {
    median: rounded(median),
    least: rounded(at(0)),
    most: rounded(at(sorted.length - 1)),
    samples: sorted.length,
  };
}

/** Four digits that count, which is more than any measurement here is worth. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
