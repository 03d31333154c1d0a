import type { Table } from "./table.ts";
import type { Changes } from "./transactions.ts";

/** What a transaction has changed in one table: which rows are gone, then which are there, in their order. */
interface TableChanges {
  readonly gone?: readonly string[];
  readonly put?: readonly unknown[];
}

/** The changes of a transaction by the names of the tables, as the log has them. */
export type ChangeRecord = Readonly<Record<string, TableChanges>>;

/** The record of these changes; `undefined` where in the end nothing is different. */
export function recordOf(
  changes: Changes,
  tables: ReadonlyMap<string, Table<unknown>>,
): ChangeRecord | undefined {
  const changed = [...tables].filter(([, table]) => changes.has(table));
  const entries = changed.flatMap(([name, table]) => {
    const keys = [...(changes.get(table) ?? [])];
    const gone = keys.filter(([key, { before, deleted }]) => {
      return before !== undefined && (deleted || table.placed(key) === undefined);
    });
    const put = keys.map(([key]) => table.placed(key)).filter((placed) => placed !== undefined);
    put.sort((one, other) => one.place - other.place);
    if (gone.length === 0 && put.length === 0) return [];
    const change: TableChanges = {
      ...(gone.length > 0 && { gone: gone.map(([key]) => key) }),
      ...(put.length > 0 && { put: put.map(({ value }) => value) }),
    };
    return [[name, change] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Makes the changes of a record again. A table that this version does not know is left out. */
export function replay(record: unknown, tables: ReadonlyMap<string, Table<unknown>>): void {
  // SAFETY: the record's checksum is right, so `recordOf` has made it.
  for (const [name, { gone = [], put = [] }] of Object.entries(record as ChangeRecord)) {
    const table = tables.get(name);
    for (const key of gone) table?.delete(key);
    for (const row of put) table?.put(row);
  }
}
