import assert from "node:assert/strict";
import { join } from "node:path";
import { DISK } from "../../src/store/disk.ts";
import { Store } from "../../src/store/state.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
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
    const own = store.begin();
    for (const row of rows) own.tables.roles.put(row);
    return own;
  };
  return { state, store, request, kept: () => names(new Store(file)), held: () => names(store) };
}

const names = (store: Store) => store.tables.roles.list().map(({ name }) => name);

describe("the changes of one request", () => {
  it("are stored together, and without those of a request that is still under way", () =>
    withTemporaryFolder(async (folder) => {
      const { request, kept } = storeIn(folder);
      const slow = request(role("a"));
      await request(role("b")).commit();
      assert.deepEqual(kept(), ["first", "b"]);
      slow.tables.roles.put(role("c"));
      await slow.commit();
      assert.deepEqual(kept(), ["first", "b", "a", "c"]);
    }));

  it("stand in the order in which they were stored, before a restart and after it", () =>
    withTemporaryFolder(async (folder) => {
      const { request, kept, held } = storeIn(folder);
      const slow = request(role("a"), role("first", "changed"), role("b"));
      await request(role("c")).commit();
      await slow.commit();
      assert.deepEqual(held(), ["changed", "c", "a", "b"]);
      assert.deepEqual(kept(), held());
    }));

  it("are in no snapshot before they are stored", () =>
    withTemporaryFolder(async (folder) => {
      const { store, request, kept, held } = storeIn(folder);
      const slow = request(role("first", "changed"), role("a"));
      slow.tables.roles.delete("first");
      await request(role("large", "x".repeat(5_000_000))).commit();
      const stored = kept().map((name) => name.slice(0, 5));
      assert.deepEqual(stored, ["first", "xxxxx"]);
      await slow.commit();
      assert.deepEqual(kept().sort(), held().sort());
      store.close();
      assert.deepEqual(kept().sort(), held().sort());
    }));

  it("are taken back together, in their old order, when the disk is full, and those of others are not", () =>
    withTemporaryFolder(async (folder) => {
      const { state, request, kept, held } = storeIn(folder);
      await request(role("b"), role("c")).commit();
      const slow = request(role("d"));
      const refused = request(role("b", "changed"), role("e"));
      refused.tables.roles.delete("first");
      state.full = true;
      await assert.rejects(
        refused.commit(),
        (error) => error instanceof StoreError && error.statusCode === 503,
      );
      assert.deepEqual(held(), ["first", "b", "c", "d"]);
      assert.deepEqual(kept(), ["first", "b", "c"]);
      state.full = false;
      await slow.commit();
      assert.deepEqual(kept(), held());
    }));

  it("share the fate of another request's that changed the same row", () =>
    withTemporaryFolder(async (folder) => {
      const { state, request, kept, held } = storeIn(folder);
      const one = request(role("a", "by one"), role("only one"));
      const other = request(role("a", "by other"), role("only other"));
      state.full = true;
      await assert.rejects(other.commit(), StoreError);
      assert.deepEqual(held(), ["first"]);
      state.full = false;
      one.tables.roles.put(role("too late"));
      await assert.rejects(one.commit(), StoreError, "half of it is gone, so it cannot be acknowledged");
      assert.deepEqual(held(), ["first"]);
      await request(role("a", "again")).commit();
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
        keys.rotate = async (own = store) => {
          own.tables.roles.put(role("half of it"));
          begun();
          await gate;
          own.tables.roles.put(role("the other half"));
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

  it("are a person's profile and events as well, which wait for the Actions of a sign-in", () =>
    withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      const test = await startTestTenant({ stateFile });
      try {
        const { actions } = test.tenant.context;
        const run = actions.run.bind(actions);
        let goOn = (): void => undefined;
        const gate = new Promise<void>((resolve) => (goOn = resolve));
        const under = new Promise<void>((resolve) => {
          const held: typeof run = async (flow) => {
            resolve();
            await gate;
            return run(flow);
          };
          Object.assign(actions, { run: held });
        });
        const kept = () => {
          const { users, logs, roles } = new Store(stateFile).tables;
          return [users.list().map(({ email }) => email), logs.list().map(({ type }) => type), roles.size];
        };
        const tokens = new Agent(test).tokens(addApplication(test));
        await under;
        assert.equal((await test.api("POST", "/roles", { name: "quick" })).status, 200);
        assert.deepEqual(kept(), [[], [], 1]);
        goOn();
        await tokens;
        assert.deepEqual(kept(), [["ada.lindqvist@xyz.example"], ["s", "seacft"], 1]);
      } finally {
        await test.close();
      }
    }));
});
