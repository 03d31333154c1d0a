import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DISK } from "../../src/store/disk.ts";
import { Store } from "../../src/store/state.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const role = (id: string, name = id) => ({ id, name, description: null, permissions: [] });
const ids = (store: Store) => store.tables.roles.list().map(({ id }) => id);

function storeOf(...names: string[]): Store {
  const store = new Store();
  store.domain = "localhost:8443";
  store.deployer = { clientId: "deployer", clientSecret: "secret" };
  store.settings = { flags: { one: true } };
  for (const name of names) store.tables.roles.put(role(name));
  return store;
}

/** Rows that the store has for itself, in all tables. */
const ownRows = (store: Store) => Object.values(store.tables).reduce((sum, { ownSize }) => sum + ownSize, 0);

describe("a fork of a store", () => {
  it("has the same rows in the same order, and the tenant's settings, and needs no seed", () => {
    const fork = storeOf("c", "a", "b").fork();
    assert.deepEqual(ids(fork), ["c", "a", "b"]);
    assert.deepEqual(
      [fork.domain, fork.deployer.clientId, fork.settings.flags["one"], fork.existed],
      ["localhost:8443", "deployer", true, true],
    );
  });

  it("does not see what the other changes later, and the other does not see what it changes", () => {
    const store = storeOf("a", "b", "c");
    const [fork, other] = [store.fork(), store.fork()];
    fork.tables.roles.put(role("b", "of the fork"));
    fork.tables.roles.delete("a");
    fork.tables.roles.put(role("d"));
    fork.settings = { flags: { one: false } };
    store.tables.roles.put(role("e"));
    store.tables.roles.delete("c");
    const again = fork.fork();
    again.tables.roles.put(role("a", "again"));
    assert.deepEqual([ids(store), ids(fork), ids(other), ids(again)].map(String), [
      "a,b,e",
      "b,c,d",
      "a,b,c",
      "b,c,d,a",
    ]);
    assert.deepEqual(
      [store, fork, other, again].map(({ tables }) => tables.roles.get("b")?.name),
      ["b", "of the fork", "b", "of the fork"],
    );
    assert.deepEqual(
      [store, fork, other].map(({ settings }) => settings.flags["one"]),
      [true, false, true],
    );
  });

  it("has no rows of its own but those that differ: 100 forks of 20,000 users copy none", () => {
    const store = storeOf();
    const at = "2026-01-01T00:00:00.000Z";
    for (let i = 0; i < 20_000; i += 1) {
      store.tables.users.put({ user_id: `auth0|${i}`, identities: [], created_at: at, updated_at: at });
    }
    const forks = Array.from({ length: 100 }, () => store.fork());
    assert.deepEqual([store, ...forks].map(ownRows), Array(101).fill(0));
    forks.forEach(({ tables }, number) => {
      tables.users.put({ user_id: "auth0|7", identities: [], created_at: at, updated_at: String(number) });
      tables.users.delete("auth0|8");
    });
    assert.deepEqual(forks.map(ownRows), Array(100).fill(2));
    assert.equal(store.tables.users.get("auth0|7")?.updated_at, at);
    assert.equal(store.tables.users.size, 20_000);
  });

  it("is in memory, also when the other has a file, and cannot fail to be stored", () =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      store.tables.roles.put(role("a"));
      store.save();
      const before = readFileSync(file, "utf8");
      const fork = store.fork();
      const own = fork.begin();
      own.tables.roles.put(role("b"));
      await own.commit();
      fork.save();
      fork.close();
      assert.equal(readFileSync(file, "utf8"), before);
      assert.deepEqual([ids(store), ids(fork)].map(String), ["a", "a,b"]);
    }));

  it("leaves the other's changes able to be taken back, in their old order", () =>
    withTemporaryFolder(async (folder) => {
      let full = false;
      const write: typeof DISK.write = (...args) => {
        if (full) throw new Error("ENOSPC");
        return DISK.write(...args);
      };
      const store = new Store(join(folder, "tenant.json"), { disk: { ...DISK, write } });
      for (const id of ["a", "b", "c"]) store.tables.roles.put(role(id));
      store.save();
      const fork = store.fork();
      full = true;
      const own = store.begin();
      own.tables.roles.delete("a");
      own.tables.roles.put(role("d"));
      await assert.rejects(own.commit(), StoreError);
      assert.deepEqual([ids(store), ids(fork)].map(String), ["a,b,c", "a,b,c"]);
    }));
});

describe("a snapshot of a store", () => {
  it("is what a reset goes back to, as often as wanted, and also in a fork", () => {
    const store = storeOf("a", "b");
    const snapshot = store.snapshot();
    for (const id of ["c", "d"]) {
      store.tables.roles.delete("a");
      store.tables.roles.put(role(id));
      store.settings = { flags: {} };
      store.reset(snapshot);
      assert.deepEqual([ids(store), store.settings], [["a", "b"], { flags: { one: true } }]);
    }
    const fork = store.fork();
    fork.domain = "localhost:9000";
    fork.tables.roles.delete("b");
    fork.reset(snapshot);
    assert.deepEqual([ids(fork), fork.domain], [["a", "b"], "localhost:9000"]);
  });

  it("survives a restart once a store with a file was reset to it, in the old order", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      store.domain = "localhost:8443";
      for (const id of ["a", "b", "c"]) store.tables.roles.put(role(id));
      store.save();
      const snapshot = store.snapshot();
      store.tables.roles.delete("a");
      store.tables.roles.put(role("d"));
      store.save();
      store.reset(snapshot);
      assert.deepEqual(ids(new Store(file)), ["a", "b", "c"]);
      store.tables.roles.put(role("e"));
      store.save();
      assert.deepEqual(ids(new Store(file)), ["a", "b", "c", "e"]);
      store.close();
      const again = new Store(file);
      assert.deepEqual([ids(again), again.domain], [["a", "b", "c", "e"], "localhost:8443"]);
    }));

  it("changes nothing where it cannot be stored", () =>
    withTemporaryFolder((folder) => {
      let full = false;
      const flush: typeof DISK.flush = (descriptor) => {
        if (full) throw new Error("ENOSPC: no space left on device");
        DISK.flush(descriptor);
      };
      const file = join(folder, "tenant.json");
      const store = new Store(file, { disk: { ...DISK, flush } });
      store.tables.roles.put(role("a"));
      store.save();
      const snapshot = store.snapshot();
      store.tables.roles.put(role("b"));
      store.save();
      full = true;
      assert.throws(() => store.reset(snapshot), StoreError);
      assert.deepEqual([ids(store), ids(new Store(file))].map(String), ["a,b", "a,b"]);
    }));

  it("refuses what a request had changed before a reset and wanted to store after it", () =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      store.tables.roles.put(role("a"));
      store.save();
      const snapshot = store.snapshot();
      const slow = store.begin();
      slow.tables.roles.put(role("half of it"));
      store.reset(snapshot);
      slow.tables.roles.put(role("the other half"));
      await assert.rejects(slow.commit(), StoreError);
      assert.deepEqual([ids(store), ids(new Store(file))].map(String), ["a", "a"]);
    }));
});
