import assert from "node:assert/strict";
import { join } from "node:path";
import { DISK } from "../../src/store/disk.ts";
import { Store } from "../../src/store/state.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { startTestTenant } from "../support/tenant.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const role = (id: string, name = id) => ({ id, name, description: null, permissions: [] });

/** A store on a disk that can be full, and what a new process would find there. */
function storeIn(folder: string) {
  const file = join(folder, "tenant.json");
  const state = { full: false };
  const disk = {
    ...DISK,
    write: (...args: Parameters<typeof DISK.write>) => {
      if (state.full)
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      return DISK.write(...args);
    },
  };
  const store = new Store(file, { disk });
  store.tables.roles.put(role("first"));
  store.save();
  const request = (...rows: ReturnType<typeof role>[]) => {
    const transaction = store.begin();
    store.during(transaction, () => rows.forEach((row) => store.tables.roles.put(row)));
    return transaction;
  };
  return { state, store, request, kept: () => names(new Store(file)), held: () => names(store) };
}

const names = (store: Store) => store.tables.roles.list().map(({ name }) => name);

describe("the changes of one request", () => {
  it("are stored together, and without those of a request that is still under way", () =>
    withTemporaryFolder(async (folder) => {
      const { store, request, kept } = storeIn(folder);
      const slow = request(role("a"));
      await store.commit(request(role("b")));
      assert.deepEqual(kept(), ["first", "b"]);
      store.during(slow, () => store.tables.roles.put(role("c")));
      await store.commit(slow);
      assert.deepEqual(kept(), ["first", "b", "a", "c"]);
    }));

  it("are in no snapshot before they are stored", () =>
    withTemporaryFolder(async (folder) => {
      const { store, request, kept, held } = storeIn(folder);
      const slow = request(role("first", "changed"), role("a"));
      store.during(slow, () => store.tables.roles.delete("first"));
      await store.commit(request(role("large", "x".repeat(5_000_000))));
      const stored = kept().map((name) => name.slice(0, 5));
      assert.deepEqual(stored, ["first", "xxxxx"]);
      await store.commit(slow);
      assert.deepEqual(kept().sort(), held().sort());
      store.close();
      assert.deepEqual(kept().sort(), held().sort());
    }));

  it("are taken back together, in their old order, when the disk is full, and those of others are not", () =>
    withTemporaryFolder(async (folder) => {
      const { state, store, request, kept, held } = storeIn(folder);
      await store.commit(request(role("b"), role("c")));
      const slow = request(role("d"));
      const refused = request(role("b", "changed"), role("e"));
      store.during(refused, () => store.tables.roles.delete("first"));
      state.full = true;
      await assert.rejects(
        store.commit(refused),
        (error) => error instanceof StoreError && error.statusCode === 503,
      );
      assert.deepEqual(held(), ["first", "b", "c", "d"]);
      assert.deepEqual(kept(), ["first", "b", "c"]);
      state.full = false;
      await store.commit(slow);
      assert.deepEqual(kept(), held());
    }));

  it("share the fate of another request's that changed the same row", () =>
    withTemporaryFolder(async (folder) => {
      const { state, store, request, kept, held } = storeIn(folder);
      const one = request(role("a", "by one"), role("only one"));
      const other = request(role("a", "by other"), role("only other"));
      state.full = true;
      await assert.rejects(store.commit(other), StoreError);
      assert.deepEqual(held(), ["first"]);
      state.full = false;
      store.during(one, () => store.tables.roles.put(role("too late")));
      await assert.rejects(store.commit(one), StoreError, "half of it is gone, so it cannot be acknowledged");
      assert.deepEqual(held(), ["first"]);
      await store.commit(request(role("a", "again")));
      assert.deepEqual(kept(), ["first", "again"]);
    }));

  it("are told from another's by the server, however the two overlap", () =>
    withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      const test = await startTestTenant({ stateFile });
      try {
        const { keys, store } = test.tenant.context;
        let goOn = (): void => undefined;
        const gate = new Promise<void>((resolve) => (goOn = resolve));
        let begun = (): void => undefined;
        const under = new Promise<void>((resolve) => (begun = resolve));
        keys.rotate = async () => {
          store.tables.roles.put(role("half of it"));
          begun();
          await gate;
          store.tables.roles.put(role("the other half"));
          return keys.current();
        };
        const slow = test.api("POST", "/keys/signing/rotate");
        await under;
        assert.equal((await test.api("POST", "/roles", { name: "quick" })).status, 200);
        assert.deepEqual(names(new Store(stateFile)), ["quick"]);
        goOn();
        assert.equal((await slow).status, 201);
        assert.deepEqual(names(new Store(stateFile)).sort(), ["half of it", "quick", "the other half"]);
      } finally {
        await test.close();
      }
    }));
});
