import type { Placed } from "./layer.ts";
import type { Table } from "./table.ts";

/** What was done to one key since its transaction began. */
interface Change {
  /** What the key had when the transaction began. */
  readonly before: Placed<unknown> | undefined;
  /** Whether the row was away in between: if it is there now, it stands behind those that were there. */
  deleted: boolean;
}

/** The keys that were changed together, by table. */
export type Changes = Map<Table<unknown>, Map<string, Change>>;

/**
 * The changes of one request. When two requests under way have changed the same row, neither can be stored or
 * taken back without the other, so from then on they share their changes and their fate.
 */
export class Transaction {
  changes: Changes = new Map();
  /** Why changes of this transaction were taken back. */
  failure: Error | undefined;
  /** Whether the request was answered: what it changes later is no part of it. */
  ended = false;
}

/**
 * Knows which changes are not stored yet, and whose they are. A change outside of any request belongs to a
 * transaction of its own, `outside`, which is stored along with the next one.
 */
export class Transactions {
  readonly outside = new Transaction();
  /** Those that have changed something that is not stored yet. */
  readonly #open = new Set<Transaction>();

  /** The transaction that a change of this one belongs to now: one that has ended takes none any more. */
  current(transaction: Transaction): Transaction {
    return transaction.ended ? this.outside : transaction;
  }

  /** Whether neither the transaction nor anybody outside has changed anything that is not stored. */
  unchanged(transaction: Transaction): boolean {
    const { changes, failure } = this.current(transaction);
    return changes.size === 0 && failure === undefined && this.outside.changes.size === 0;
  }

  /** Notes that a key is about to change. */
  note(
    transaction: Transaction,
    table: Table<unknown>,
    key: string,
    before: Placed<unknown> | undefined,
    deletes: boolean,
  ): void {
    const current = this.current(transaction);
    this.#open.add(current);
    for (const other of this.#open) {
      if (other.changes !== current.changes && other.changes.get(table)?.has(key)) this.join(current, other);
    }
    const keys = current.changes.get(table) ?? new Map<string, Change>();
    current.changes.set(table, keys);
    const known = keys.get(key);
    if (known === undefined) keys.set(key, { before, deleted: deletes });
    else known.deleted ||= deletes;
  }

  /** Makes two transactions share their changes; no key may be in both. */
  join(one: Transaction, other: Transaction): void {
    const [from, into] = [one.changes, other.changes];
    this.#open.add(one).add(other);
    if (from === into) return;
    for (const [table, keys] of from) {
      const joined = into.get(table);
      if (joined === undefined) into.set(table, keys);
      else for (const [key, change] of keys) joined.set(key, change);
    }
    for (const transaction of this.#open) if (transaction.changes === from) transaction.changes = into;
  }

  /** Those that share these changes begin anew, and get the reason where the changes were taken back. */
  settle(changes: Changes, failure?: Error): void {
    for (const transaction of this.#open) {
      if (transaction.changes !== changes) continue;
      transaction.changes = new Map();
      this.#open.delete(transaction);
      if (failure !== undefined && transaction !== this.outside) transaction.failure = failure;
    }
  }

  /** Forgets every change that is not stored: the rows are other ones now. Their requests get the reason. */
  forget(reason: Error): void {
    for (const { changes } of [...this.#open]) this.settle(changes, reason);
  }

  /** What each key had before the changes that are not stored yet, but for those of `changes`. */
  before(table: Table<unknown>, changes: Changes | undefined): Map<string, Placed<unknown> | undefined> {
    const others = new Set([...this.#open].map((transaction) => transaction.changes));
    const keys = [...others]
      .filter((other) => other !== changes)
      .flatMap((other) => [...(other.get(table) ?? [])]);
    return new Map(keys.map(([key, { before }]) => [key, before]));
  }
}

/** Gives the new rows of these changes the places that they have in the files from now on. */
export function placeNewRows(changes: Changes): void {
  for (const [table, keys] of changes) {
    const isNew = ([, { before, deleted }]: [string, Change]) => before === undefined || deleted;
    table.moveBehindStored([...keys].filter(isNew).map(([key]) => key));
  }
}

/** Gives every table back what it had before these changes. */
export function takeBack(changes: Changes): void {
  for (const [table, keys] of changes) {
    table.restore(new Map([...keys].map(([key, { before }]) => [key, before])));
  }
}
