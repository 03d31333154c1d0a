import type { Table } from "./table.ts";
import type { Changes } from "./transactions.ts";

/** A row by its properties. */
type Row = Readonly<Record<string, unknown>>;

/** What is different in a row that stays where it is. */
interface RowChange {
  readonly key: string;
  readonly set?: Row;
  readonly unset?: readonly string[];
}

/**
 * What a transaction has changed in one table: which rows are gone, then what is different in others, then
 * which are there as a whole, in their order.
 */
interface TableChanges {
  readonly gone?: readonly string[];
  readonly change?: readonly RowChange[];
  readonly put?: readonly unknown[];
}

/** The changes of a transaction by the names of the tables, as the log has them. */
export type ChangeRecord = Readonly<Record<string, TableChanges>>;

/** The record of these changes; `undefined` where in the end nothing is different. */
export function recordOf(
  changes: Changes,
  tables: ReadonlyMap<string, Table<unknown>>,
): ChangeRecord | undefined {
  const entries = [...tables].flatMap(([name, table]) => {
    const gone: string[] = [];
    const change: RowChange[] = [];
    const put: { readonly value: unknown; readonly place: number }[] = [];
    for (const [key, { before, deleted }] of changes.get(table) ?? []) {
      const now = table.placed(key);
      if (before !== undefined && (deleted || now === undefined)) gone.push(key);
      if (now === undefined) continue;
      if (before === undefined || deleted) put.push(now);
      else change.push(...changeOf(key, before.value, now.value));
    }
    put.sort((one, other) => one.place - other.place);
    const all: TableChanges = {
      ...(gone.length > 0 && { gone }),
      ...(change.length > 0 && { change }),
      ...(put.length > 0 && { put: put.map(({ value }) => value) }),
    };
    return Object.keys(all).length === 0 ? [] : [[name, all] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A profile with thousands of groups is the same at the next sign-in but for the time of it. */
function changeOf(key: string, before: unknown, now: unknown): RowChange[] {
  // SAFETY: every table has objects.
  const [old, row] = [before as Row, now as Row];
  const set = Object.entries(row).filter(([name, value]) => !isSame(old[name], value));
  const unset = Object.keys(old).filter((name) => row[name] === undefined);
  if (set.length === 0 && unset.length === 0) return [];
  return [
    {
      key,
      ...(set.length > 0 && { set: Object.fromEntries(set) }),
      ...(unset.length > 0 && { unset }),
    },
  ];
}

/** Only lists of plain values are looked into: rows are made of parts of earlier ones, or of new ones. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((item, index) => item === other[index]);
}

/** Makes the changes of a record again. A table that this version does not know is left out. */
export function replay(record: unknown, tables: ReadonlyMap<string, Table<unknown>>): void {
  // SAFETY: the record's checksum is right, so `recordOf` has made it.
  for (const [name, { gone = [], change = [], put = [] }] of Object.entries(record as ChangeRecord)) {
    const table = tables.get(name);
    for (const key of gone) table?.delete(key);
    for (const { key, set, unset = [] } of change) {
      // SAFETY: every table has objects.
      const changed = { ...(table?.get(key) as Row), ...set };
      table?.put(
        Object.fromEntries(Object.entries(changed).filter(([property]) => !unset.includes(property))),
      );
    }
    for (const row of put) table?.put(row);
  }
}
