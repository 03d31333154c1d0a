/** A row, and its place among the others: rows are in the order of these numbers. */
export interface Placed<Row> {
  readonly row: Row;
  readonly place: number;
}

/**
 * Hears of each change of a table before it is made: the key, what it has had until then, and whether the row
 * goes away.
 */
export type Journal = (
  table: Table<unknown>,
  key: string,
  before: Placed<unknown> | undefined,
  deletes: boolean,
) => void;

/**
 * Rows by key, in the order in which they were added. A row is frozen once it is in a table: whoever wants to
 * change it puts another one, so that every change is seen, stored, and can be taken back.
 */
export class Table<Row> {
  #rows = new Map<string, Placed<Row>>();
  #next = 0;
  readonly #key: (row: Row) => string;
  readonly #journal: Journal | undefined;

  /** Without a journal nobody hears of changes. */
  constructor(key: (row: Row) => string, journal?: Journal) {
    this.#key = key;
    this.#journal = journal;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key)?.row;
  }

  find(test: (row: Row) => boolean): Row | undefined {
    for (const { row } of this.#rows.values()) if (test(row)) return row;
    return undefined;
  }

  /** All rows, or those that pass the test, as a new array. */
  list(test?: (row: Row) => boolean): Row[] {
    const rows: Row[] = [];
    for (const { row } of this.#rows.values()) if (test === undefined || test(row)) rows.push(row);
    return rows;
  }

  /** Adds a row, or puts it in the place of the one with the same key. */
  put(row: Row): Row {
    const key = this.#key(row);
    const before = this.#rows.get(key);
    this.#tell(key, before, false);
    this.#rows.set(key, { row: freeze(row), place: before?.place ?? this.#next++ });
    return row;
  }

  delete(key: string): boolean {
    const before = this.#rows.get(key);
    if (before === undefined) return false;
    this.#tell(key, before, true);
    return this.#rows.delete(key);
  }

  /** Takes the place of all rows, in the given order. */
  replaceAll(rows: readonly Row[]): void {
    for (const key of [...this.#rows.keys()]) this.delete(key);
    for (const row of rows) this.put(row);
  }

  /** Drops the oldest rows until at most `limit` are left. */
  trim(limit: number): void {
    for (const key of this.#rows.keys()) {
      if (this.#rows.size <= limit) return;
      this.delete(key);
    }
  }

  /** What a key has now; for the journal's owner. */
  placed(key: string): Placed<Row> | undefined {
    return this.#rows.get(key);
  }

  /** All rows as they were when these keys had what is given; for the journal's owner. */
  listWith(before: ReadonlyMap<string, Placed<Row> | undefined>): Row[] {
    return before.size === 0 ? this.list() : [...this.#with(before).values()].map(({ row }) => row);
  }

  /** Gives keys back what they had, in its old place, and tells nobody; for the journal's owner. */
  restore(before: ReadonlyMap<string, Placed<Row> | undefined>): void {
    if (before.size > 0) this.#rows = this.#with(before);
  }

  #with(before: ReadonlyMap<string, Placed<Row> | undefined>): Map<string, Placed<Row>> {
    const rows = new Map(this.#rows);
    for (const [key, placed] of before) {
      if (placed === undefined) rows.delete(key);
      else rows.set(key, placed);
    }
    return new Map([...rows].sort(([, one], [, other]) => one.place - other.place));
  }

  #tell(key: string, before: Placed<Row> | undefined, deletes: boolean): void {
    // SAFETY: the journal gives back to a table only what it got from it.
    this.#journal?.(this as unknown as Table<unknown>, key, before, deletes);
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
