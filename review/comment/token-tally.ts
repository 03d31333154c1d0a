import { bytesOf } from "../against/difference.ts";
import { compareText } from "../claims/model.ts";
import type { ClaimsRow } from "../claims/model.ts";

/** One application in numbers, whether or not anything is different there. */
export interface ApplicationSize {
  readonly application: string;
  /**
   * People of the directory file, signed in or not; the working tree's, or the ref's where the application is
   * gone.
   */
  readonly people: number;
  /** Bytes of the largest token; 0 where nobody has one. */
  readonly largestBefore: number;
  readonly largestAfter: number;
}

interface Size {
  people: number;
  largest: number;
  /** Whose row came last. */
  last?: string;
}

/**
 * Looks at the rows of both sides on their way to the difference, and keeps a few numbers for each
 * application.
 */
export class TokenTally {
  readonly #before = new Map<string, Size>();
  readonly #after = new Map<string, Size>();

  /** The same rows, seen. */
  before(rows: AsyncIterable<ClaimsRow>): AsyncGenerator<ClaimsRow> {
    return seen(rows, this.#before);
  }

  after(rows: AsyncIterable<ClaimsRow>): AsyncGenerator<ClaimsRow> {
    return seen(rows, this.#after);
  }

  /** In the order of the applications' names, once the rows were taken. */
  get applications(): readonly ApplicationSize[] {
    const names = [...new Set([...this.#before.keys(), ...this.#after.keys()])].sort(compareText);
    return names.map((application) => {
      const [before, after] = [this.#before.get(application), this.#after.get(application)];
      return {
        application,
        people: (after ?? before)?.people ?? 0,
        largestBefore: before?.largest ?? 0,
        largestAfter: after?.largest ?? 0,
      };
    });
  }
}

async function* seen(rows: AsyncIterable<ClaimsRow>, sizes: Map<string, Size>): AsyncGenerator<ClaimsRow> {
  for await (const row of rows) {
    const size = sizes.get(row.application) ?? { people: 0, largest: 0 };
    // A person's rows come one after the other.
    if (size.last !== row.person) size.people += 1;
    size.last = row.person;
    size.largest = Math.max(size.largest, row.outcome === "signed-in" ? bytesOf(row) : 0);
    sizes.set(row.application, size);
    yield row;
  }
}
