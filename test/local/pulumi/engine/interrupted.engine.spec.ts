import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { deploymentEnvironment } from "../../../../local/pulumi/engine/environment.ts";
import { clearLocks, removeStaleLocks } from "../../../../local/pulumi/engine/locks.ts";
import { workspacePaths } from "../../../../local/pulumi/engine/paths.ts";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";
import type { TestEngine } from "../../../support/engine.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";

describe("an up that is interrupted", function () {
  this.timeout(180_000);
  const test = perTest(startTestEngine);

  for (const path of ["/api/v2/connections", "/api/v2/actions/actions", "/api/v2/client-grants"]) {
    it(`by a 500 of ${path} is finished by the next one, without orphans`, async () => {
      const { faults } = test.tenant.context;
      faults.replace([{ kind: "status", value: 500, path, share: 1 }]);
      await assert.rejects(test.up(), /500/);
      faults.replace([]);
      await test.up();
      assertOnceEach(test);
      assert.deepEqual((await test.up()).changed, []);
    });
  }

  it("by Ctrl-C is finished by the next one, without orphans", async () => {
    const { faults, log } = test.tenant.context;
    // Slow enough that the signal comes while something is under way.
    faults.replace([{ kind: "latency", value: 1500, path: "/api/v2/connections", share: 1 }]);
    const stop = new AbortController();
    const stopListening = log.onRequest(({ method, path }) => {
      if (method === "POST" && path === "/api/v2/clients") stop.abort();
    });
    await assert.rejects(test.up(stop.signal), /cancel/i);
    stopListening();
    faults.replace([]);
    assert.deepEqual(lockFiles(test), [], "the lock stays");
    await test.up();
    assertOnceEach(test);
    assert.deepEqual((await test.up()).changed, []);
  });

  it("keeps a second one out by the engine's lock", async () => {
    test.tenant.context.faults.replace([
      { kind: "latency", value: 6000, path: "/api/v2/connections", share: 1 },
    ]);
    const first = test.up();
    try {
      await until(() => lockFiles(test).length > 0);
      let { end, stderr } = await destroyByHand(test);
      // The engine reads the state before it looks at the lock, and the first one may be writing it at that
      // moment.
      while (stderr.includes("failed to load checkpoint")) ({ end, stderr } = await destroyByHand(test));
      assert.notEqual(end, 0);
      assert.match(stderr, /the stack is currently locked by 1 lock\(s\)/);
    } finally {
      await first;
    }
    assertOnceEach(test);
  });
});

describe("an engine whose program never ends", function () {
  this.timeout(180_000);

  it("leaves nothing of the deployer in the environment once it is closed", async function () {
    const before = process.env["AUTH0_DOMAIN"];
    const interrupt = new AbortController();
    const program = () => {
      interrupt.abort();
      return new Promise<never>(() => undefined);
    };
    const test = await startTestEngine(this, { program });
    await assert.rejects(test.up(interrupt.signal));
    assert.equal(process.env["AUTH0_DOMAIN"], test.tenant.context.domain);
    await test.switchTo({ kind: "stand-in", why: "the test closes the engine by it" });
    assert.equal(process.env["AUTH0_DOMAIN"], before);
  });
});

describe("removeStaleLocks", () => {
  it("removes the lock of a killed update, and none of a living or a distant one", async () => {
    await withTemporaryFolder((folder) => {
      const paths = workspacePaths(folder);
      mkdirSync(paths.locks, { recursive: true });
      const write = (name: string, lock: unknown) =>
        writeFileSync(join(paths.locks, name), typeof lock === "string" ? lock : JSON.stringify(lock));
      write("dead.json", { pid: 2 ** 22 + 1, hostname: hostname() });
      write("alive.json", { pid: process.pid, hostname: hostname() });
      write("distant.json", { pid: 2 ** 22 + 1, hostname: "elsewhere" });
      write("broken.json", "{");
      assert.equal(removeStaleLocks(paths), 1);
      assert.deepEqual(readdirSync(paths.locks).toSorted(), ["alive.json", "broken.json", "distant.json"]);
    });
  });

  it("has nothing to do where there is no stack yet", async () => {
    await withTemporaryFolder((folder) => {
      assert.equal(removeStaleLocks(workspacePaths(folder)), 0);
    });
  });
});

describe("clearLocks", function () {
  // Shorter than it would wait at most, so that a wait after Ctrl-C fails.
  this.timeout(10_000);

  it("waits while the update of a killed start is ending, but not after Ctrl-C", async () => {
    await withTemporaryFolder(async (folder) => {
      const paths = workspacePaths(folder);
      mkdirSync(paths.locks, { recursive: true });
      const update = spawn(process.execPath, ["--eval", "process.stdin.resume()"]);
      const ended = once(update, "close");
      const lock = { pid: update.pid, hostname: hostname() };
      writeFileSync(join(paths.locks, "update.json"), JSON.stringify(lock));
      assert.equal(await clearLocks(paths, AbortSignal.abort()), 0);
      const cleared = clearLocks(paths, new AbortController().signal);
      assert.deepEqual(readdirSync(paths.locks), ["update.json"]);
      update.kill("SIGKILL");
      await ended;
      assert.equal(await cleared, 1);
      assert.deepEqual(readdirSync(paths.locks), []);
    });
  });
});

/** Each thing of the stack is on the tenant exactly once. */
function assertOnceEach(test: TestEngine): void {
  assert.deepEqual(test.made(), [
    "action Enrich JWT with Groups from AD",
    "binding Enrich JWT with Groups from AD",
    "client Workforce SSO groups reader",
    "client XYZ Admin Portal",
    "connection azure-ad",
    "grant read:users",
  ]);
}

function lockFiles(test: TestEngine): string[] {
  const { locks } = workspacePaths(join(test.folder, "pulumi"));
  return existsSync(locks) ? readdirSync(locks) : [];
}

/** `pulumi destroy`, typed while something else is under way. */
async function destroyByHand(test: TestEngine): Promise<{ end: number; stderr: string }> {
  const paths = workspacePaths(join(test.folder, "pulumi"));
  const child = spawn(test.cli.command, ["destroy", "--yes", "--skip-preview", "--non-interactive"], {
    cwd: paths.folder,
    env: deploymentEnvironment(process.env, paths),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [end] = (await once(child, "close")) as [number];
  return { end, stderr };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("It did not happen within 20 s.");
}
