import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockHolder, takeLock, waitForLock } from "../../src/lib/process-lock.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("takeLock", () => {
  it("makes the file's folder, and leaves nothing behind after the release", async () => {
    await withTemporaryFolder((folder) => {
      const lock = takeLock(join(folder, "deep", "lock"));
      assert.ok("release" in lock);
      assert.deepEqual(readdirSync(join(folder, "deep")), ["lock"]);
      lock.release();
      lock.release();
      assert.deepEqual(readdirSync(join(folder, "deep")), []);
    });
  });

  it("names the living process that holds it, and is free when that process is killed", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "lock");
      const holder = await holdInChild(file);
      try {
        assert.deepEqual(takeLock(file), { heldBy: holder.pid });
        assert.equal(lockHolder(file), holder.pid);
        assert.deepEqual(readdirSync(folder), ["lock"]);
      } finally {
        holder.kill("SIGKILL");
        await once(holder, "close");
      }
      assert.equal(existsSync(file), true, "a killed process cannot have cleaned up");
      assert.equal(lockHolder(file), undefined);
      const lock = takeLock(file);
      assert.ok("release" in lock);
      lock.release();
    });
  });

  it("is not fooled by a later process that got the id of the holder", async () => {
    await withTemporaryFolder((folder) => {
      const file = join(folder, "lock");
      writeFileSync(file, JSON.stringify({ pid: process.pid, born: "an earlier boot/1" }));
      const lock = takeLock(file);
      assert.ok("release" in lock);
      lock.release();
    });
  });

  it("takes over a file that is not a lock", async () => {
    await withTemporaryFolder((folder) => {
      const file = join(folder, "lock");
      writeFileSync(file, "{");
      const lock = takeLock(file);
      assert.ok("release" in lock);
      assert.match(readFileSync(file, "utf8"), new RegExp(`"pid":${process.pid}`));
      lock.release();
    });
  });

  it("goes to only one process when many take over a stale one at once", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "lock");
      writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, born: "" }));
      const children = await Promise.all(Array.from({ length: 4 }, () => startChild(file)));
      assert.deepEqual(children.map(({ said }) => said).toSorted(), ["held", "held", "held", "taken"]);
      for (const { child } of children) {
        child.kill("SIGKILL");
        await once(child, "close");
      }
    });
  });
});

describe("waitForLock", () => {
  it("waits for the process that holds it, and names that process once", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "lock");
      const holder = await holdInChild(file);
      const waitedFor: number[] = [];
      const onWait = (pid: number) => {
        waitedFor.push(pid);
        holder.kill("SIGKILL");
      };
      const lock = await waitForLock(file, { onWait });
      assert.deepEqual(waitedFor, [holder.pid]);
      lock.release();
    });
  });

  it("takes over from a holder that has had it for longer than anybody may", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "lock");
      const first = takeLock(file);
      assert.ok("release" in first);
      const before = new Date(Date.now() - 60_000);
      utimesSync(file, before, before);
      assert.deepEqual(takeLock(file, { longest: 3_600_000 }), { heldBy: process.pid });
      const second = await waitForLock(file, { longest: 30_000 });
      second.release();
      first.release();
    });
  });

  it("ends with the reason of a signal", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "lock");
      const held = takeLock(file);
      assert.ok("release" in held);
      const stop = new AbortController();
      const onWait = () => stop.abort(new Error("enough"));
      await assert.rejects(waitForLock(file, { signal: stop.signal, onWait }), /^Error: enough$/);
      held.release();
    });
  });
});

async function holdInChild(file: string) {
  const { child, said } = await startChild(file);
  assert.equal(said, "taken");
  return child;
}

/** Starts a process that tries to take the lock, says how that went, and stays. */
async function startChild(file: string) {
  const source = `
    import { takeLock } from ${JSON.stringify(new URL("../../src/lib/process-lock.ts", import.meta.url).href)};
    const lock = takeLock(${JSON.stringify(file)});
    console.log("release" in lock ? "taken" : "held");
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: said.toString().trim() };
}
