import type { IndexedBy, Placed } from "./layer.ts";
import { LayeredMap } from "./layered-map.ts";
import type { Content } from "./layered-map.ts";

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
 * change it puts another one, so that every change is seen, stored, and can be taken back, and so that copies
 * of the table can share its rows.
 */
export class Table<Row, Index extends string = string> {
  readonly #rows: LayeredMap<Row>;
  readonly #key: (row: Row) => string;
  readonly #journal: Journal | undefined;
  /** The table that the journal is told of: this one, or the one that this one shows. */
  readonly #origin: Table<Row, Index>;

  /** The last place of a row that was stored when it was new. */
  #storedUpTo = -1;

  /** Without a journal nobody hears of changes. `indexedBy` is what `by` can find rows by. */
  constructor(
    key: (row: Row) => string,
    journal?: Journal,
    indexedBy?: IndexedBy<Row, Index>,
    origin?: Table<Row, Index>,
  ) {
    this.#rows = origin === undefined ? new LayeredMap(indexedBy) : origin.#rows;
    this.#key = key;
    this.#journal = journal;
    this.#origin = origin ?? this;
  }

  /** This very table; but of what is changed by way of the answer, another journal hears. */
  heardBy(journal: Journal): Table<Row, Index> {
    return new Table(this.#key, journal, undefined, this.#origin);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** How many rows are different from those of the table that this one was copied from. */
  get ownSize(): number {
    return this.#rows.ownSize;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key)?.value;
  }

  find(test: (row: Row) => boolean): Row | undefined {
    for (const [, { value }] of this.#rows.entries()) if (test(value)) return value;
    return undefined;
  }

  /** The rows with this text in an index, in the order of the table. No other row is looked at. */
  by(index: Index, text: string): Row[] {
    return this.#rows.by(index, text).map(([, { value }]) => value);
  }

  /** All rows, or those that pass the test, as a new array. */
  list(test?: (row: Row) => boolean): Row[] {
    const rows: Row[] = [];
    for (const [, { value }] of this.#rows.entries()) {
      if (test === undefined || test(value)) rows.push(value);
    }
    return rows;
  }

  /** Adds a row, or puts it in the place of the one with the same key. */
  put(row: Row): Row {
    const key = this.#key(row);
    this.#tell(key, this.#rows.get(key), false);
    this.#rows.set(key, freeze(row));
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
    for (const [key] of [...this.#rows.entries()]) this.delete(key);
    for (const row of rows) this.put(row);
  }

  /** Drops the oldest rows until at most `limit` are left. */
  trim(limit: number): void {
    while (this.#rows.size > limit) this.delete(this.#rows.oldest() ?? "");
  }

  /** The rows of now, for copies of this table. */
  share(): Content<Row> {
    return this.#rows.share();
  }

  /** Becomes a copy of another table, and tells nobody. */
  become(content: Content<Row>): void {
    this.#rows.become(content);
  }

  /** What a key has now; for the journal's owner. */
  placed(key: string): Placed<Row> | undefined {
    return this.#rows.get(key);
  }

  /**
   * Puts new rows behind those that were stored already, in their own order: a request that began earlier may
   * be stored later, and the order is that of the file. For the journal's owner.
   */
  moveBehindStored(keys: readonly string[]): void {
    const placeOf = (key: string) => this.#rows.get(key)?.place ?? -1;
    const ordered = keys.filter((key) => placeOf(key) >= 0).sort((a, b) => placeOf(a) - placeOf(b));
    const [first, last] = [ordered[0], ordered.at(-1)];
    if (first === undefined || last === undefined) return;
    if (placeOf(first) < this.#storedUpTo) for (const key of ordered) this.#rows.moveToEnd(key);
    this.#storedUpTo = placeOf(last);
  }

  /** All rows as they were when these keys had what is given; for the journal's owner. */
  listWith(before: ReadonlyMap<string, Placed<Row> | undefined>): Row[] {
    return before.size === 0 ? this.list() : [...this.#rows.with(before).values()].map(({ value }) => value);
  }

  /** Gives keys back what they had, in its old place, and tells nobody; for the journal's owner. */
  restore(before: ReadonlyMap<string, Placed<Row> | undefined>): void {
    if (before.size > 0) this.#rows.restore(before);
  }

  #tell(key: string, before: Placed<Row> | undefined, deletes: boolean): void {
    // SAFETY: the journal gives back to a table only what it got from it.
    this.#journal?.(this.#origin as unknown as Table<unknown>, key, before, deletes);
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
