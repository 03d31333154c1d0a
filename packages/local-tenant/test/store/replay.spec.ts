import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const value = fc.oneof(
  fc.constantFrom(null, true, 1, "text", undefined),
  fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom(1, "z")),
);
const row = fc.record({
  id: fc.constantFrom("1", "2", "3"),
  properties: fc.dictionary(fc.constantFrom("a", "b", "description", "__proto__x"), value, { maxKeys: 3 }),
});
/** What one request does: rows that it puts, and rows that it deletes before or after. */
const step = fc.record({
  puts: fc.array(row, { maxLength: 3 }),
  deletes: fc.array(fc.constantFrom("1", "2", "3"), { maxLength: 1 }),
  deletesFirst: fc.boolean(),
});

describe("a store that is read again", () => {
  it("has the rows and the order that it had, whatever requests did to them", () =>
    withTemporaryFolder((folder) => {
      let run = 0;
      fc.assert(
        fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
          const file = join(folder, `${(run += 1)}.json`);
          const store = new Store(file);
          store.settings = { flags: {} };
          store.save();
          for (const { puts, deletes, deletesFirst } of steps) {
            const remove = () => deletes.forEach((id) => store.tables.roles.delete(id));
            if (deletesFirst) remove();
            for (const { id, properties } of puts) {
              store.tables.roles.put({ id, name: id, description: null, permissions: [], ...properties });
            }
            if (!deletesFirst) remove();
            store.save();
          }
          // What JSON leaves out is not there either way.
          const plain = (one: Store): unknown => JSON.parse(JSON.stringify(one.tables.roles.list()));
          assert.deepEqual(plain(new Store(file)), plain(store));
        }),
        { numRuns: 150 },
      );
    }));
});
