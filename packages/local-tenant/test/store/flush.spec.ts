import assert from "node:assert/strict";
import { fstatSync } from "node:fs";
import { join } from "node:path";
import { DISK } from "../../src/store/disk.ts";
import type { Disk } from "../../src/store/disk.ts";
import { Store } from "../../src/store/state.ts";
import type { TestTenant } from "../support/tenant.ts";
import { startTestTenant } from "../support/tenant.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

interface Flushing {
  readonly test: TestTenant;
  /** Changes a client, and notes the answer. */
  readonly patch: (description: string) => Promise<void>;
  /** What happened, in order. */
  readonly happened: string[];
  /** The flushes that have begun; each ends when the test lets it. */
  readonly held: { readonly release: () => void; readonly fail: (error: Error) => void }[];
}

async function withTenant(flush: boolean, body: (tenant: Flushing) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const tenant = await startFlushing(folder, flush);
    try {
      await body(tenant);
    } finally {
      for (const { release } of tenant.held) release();
      await tenant.test.close();
    }
  });
}

async function startFlushing(folder: string, flush: boolean): Promise<Flushing> {
  const happened: string[] = [];
  const held: Flushing["held"] = [];
  const disk: Disk = {
    ...DISK,
    write(...args) {
      happened.push("write");
      return DISK.write(...args);
    },
    flushBeside() {
      happened.push("flush begins");
      return new Promise((resolve, reject) => {
        held.push({
          release: () => {
            happened.push("flush ends");
            resolve();
          },
          fail: reject,
        });
      });
    },
  };
  const test = await startTestTenant({ stateFile: join(folder, "tenant.json"), flush, disk });
  const created = test.tenant.context.store.tables.clients.list(({ global }) => global !== true)[0];
  const patch = async (description: string) => {
    const { status } = await test.api("PATCH", `/clients/${created?.client_id}`, { description });
    happened.push(`answer ${status}`);
  };
  return { test, patch, happened, held };
}

/** Waits until something has happened, and lets everything go on that can without a flush. */
async function settle(condition: () => boolean): Promise<void> {
  // On a busy machine other threads, which check tokens, may take any number of turns.
  while (!condition()) await new Promise(setImmediate);
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

describe("a tenant that flushes", () => {
  it("answers a change once the disk has it, and not before", () =>
    withTenant(true, async ({ patch, happened, held }) => {
      happened.length = 0;
      const patched = patch("one");
      await settle(() => held.length > 0);
      assert.deepEqual(happened.slice(-2), ["write", "flush begins"]);
      held[0]?.release();
      await patched;
      assert.deepEqual(happened.slice(-3), ["flush begins", "flush ends", "answer 200"]);
    }));

  it("flushes once for all that came while it flushed", () =>
    withTenant(true, async ({ patch, happened, held }) => {
      const all = [patch("one")];
      await settle(() => held.length > 0);
      happened.length = 0;
      for (const name of ["two", "three", "four"]) all.push(patch(name));
      await settle(() => happened.filter((what) => what === "write").length === 3);
      held[0]?.release();
      await settle(() => held.length > 1);
      const files = happened.filter((what) => !what.startsWith("answer"));
      assert.deepEqual(files, ["write", "write", "write", "flush ends", "flush begins"]);
      assert.equal(happened.length - files.length, 1, "what the first flush did not cover is not answered");
      held[1]?.release();
      await Promise.all(all);
      assert.equal(held.length, 2);
    }));

  it("refuses changes, and goes on to read, once the disk has failed it", () =>
    withTenant(true, async ({ test, patch, happened, held }) => {
      const patched = patch("one");
      await settle(() => held.length > 0);
      held[0]?.fail(new Error("EIO: i/o error, fdatasync"));
      await patched;
      await patch("two");
      assert.deepEqual(happened.slice(-2), ["answer 503", "answer 503"]);
      assert.equal((await test.api("GET", "/clients")).status, 200);
    }));

  it("is one that was told to; by default the answer waits for no disk", () =>
    withTenant(false, async ({ patch, happened, held }) => {
      await patch("one");
      assert.deepEqual([happened.at(-1), held.length], ["answer 200", 0]);
    }));
});

describe("a store that flushes", () => {
  for (const flush of [true, false]) {
    it(`${flush ? "waits for" : "does not wait for"} the name of its file on the disk`, () =>
      withTemporaryFolder(async (folder) => {
        let broken = false;
        const flushed: string[] = [];
        const disk: Disk = {
          ...DISK,
          flush(descriptor) {
            const isFolder = fstatSync(descriptor).isDirectory();
            if (isFolder && broken) throw new Error("EIO: i/o error, fdatasync");
            if (isFolder) flushed.push("folder");
            DISK.flush(descriptor);
          },
        };
        const store = new Store(join(folder, "tenant.json"), { disk, flush });
        const change = (name: string) => {
          const request = store.begin();
          request.tables.roles.put({ id: name, name, description: null, permissions: [] });
          return request.commit();
        };
        broken = true;
        if (!flush) return assert.doesNotReject(change("first"));
        await assert.rejects(change("first"), /does not know whether the disk has the change/);
        await assert.rejects(change("second"), /could not store the change/);
        assert.deepEqual(
          store.tables.roles.list().map(({ id }) => id),
          ["first"],
        );
        broken = false;
        await change("third");
        assert.ok(flushed.length > 0);
        assert.deepEqual(new Store(join(folder, "tenant.json")).tables.roles.size, 2);
      }));
  }
});
