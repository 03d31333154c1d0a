import assert from "node:assert/strict";
import childProcess, { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { mock } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createActionRunner } from "../../src/actions/runner.ts";
import type { FlowOutcome } from "../../src/actions/types.ts";
import { action, flow, handler, printed } from "./harness.ts";

const counted = () =>
  action(`let n = 0; exports.onExecutePostLogin = async (event) => {
    n += 1; await new Promise((resolve) => setImmediate(resolve)); console.log(process.pid, n); };`);
const pids = (outcomes: FlowOutcome[]) =>
  new Set(outcomes.flatMap(printed).map((line) => line.split(" ")[0]));

describe("the processes of Actions", () => {
  it("serve many sign-ins at once, each one at a time, and no more of them than allowed", async () => {
    const runner = createActionRunner({ maxInstances: 3 });
    try {
      const busy = counted();
      const outcomes = await Promise.all(Array.from({ length: 200 }, () => runner.run(flow(busy))));
      assert.ok(outcomes.every(({ status }) => status === "completed"));
      assert.ok(pids(outcomes).size <= 3);
      assert.equal(
        new Set(outcomes.flatMap(printed)).size,
        200,
        "no two sign-ins were the same call of one process",
      );
    } finally {
      await runner.close();
    }
  });

  it("are one where a run is short, because waiting for it takes less time than starting another", async () => {
    const runner = createActionRunner({ patienceMs: 60_000 });
    try {
      const short = counted();
      const outcomes = await Promise.all(Array.from({ length: 32 }, () => runner.run(flow(short))));
      assert.equal(pids(outcomes).size, 1);
      assert.deepEqual(
        outcomes.map(({ runs }) => runs[0]?.cold),
        [true, ...Array.from({ length: 31 }, () => false)],
      );
    } finally {
      await runner.close();
    }
  });

  it("begin one after the other, because the first may be enough", async () => {
    const spawn = mock.method(childProcess, "spawn");
    syncBuiltinESMExports();
    const runner = createActionRunner({ patienceMs: 0 });
    try {
      const short = counted();
      await runner.warmUp(() => [short]);
      const flows = Array.from({ length: 8 }, () => runner.run(flow(short)));
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(spawn.mock.callCount(), 1);
      await Promise.all(flows);
    } finally {
      await runner.close();
      spawn.mock.restore();
      syncBuiltinESMExports();
    }
  });

  it("become more at once where Actions wait for something, so that nobody waits for them", async () => {
    const held: ServerResponse[] = [];
    const server = createServer((_request, response) => void held.push(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const runner = createActionRunner({ patienceMs: 60_000 });
    try {
      const { port } = server.address() as AddressInfo;
      const calling = handler(
        `if (event.calls) await (await fetch("http://127.0.0.1:${port}/")).text(); console.log(process.pid);`,
      );
      const { event } = flow([]);
      const waiting = Array.from({ length: 4 }, () =>
        runner.run(flow(calling, { event: { ...event, calls: true } })),
      );
      while (held.length < 4) await once(server, "request");
      const others = [await runner.run(flow(calling)), await runner.run(flow(calling))];
      assert.equal(pids(others).size, 1);
      for (const response of held) response.end();
      assert.equal(pids([...(await Promise.all(waiting)), ...others]).size, 5);
    } finally {
      await runner.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("become more where an Action computes for longer than others have the patience to wait", async () => {
    const runner = createActionRunner({ patienceMs: 10 });
    try {
      const computing = handler(
        `const end = performance.now() + 1000; while (performance.now() < end); console.log(process.pid);`,
      );
      assert.equal(pids(await Promise.all([1, 2].map(() => runner.run(flow(computing))))).size, 2);
    } finally {
      await runner.close();
    }
  });

  it("become more where the runs that wait have more to compute together", async () => {
    const runner = createActionRunner({ patienceMs: 200 });
    try {
      const computing = handler(
        `const start = process.cpuUsage(); while (event.computes && process.cpuUsage(start).user < 10_000); console.log(process.pid);`,
      );
      const { event } = flow([]);
      const at = (count: number) =>
        Promise.all(
          Array.from({ length: count }, () =>
            runner.run(flow(computing, { event: { ...event, computes: true } })),
          ),
        );
      // The first run of a process does not count: it loads the Action.
      for (const count of [1, 1]) await at(count);
      assert.ok(pids(await at(30)).size > 1);
    } finally {
      await runner.close();
    }
  });

  it("are kept for more Actions than may run at once", async () => {
    const runner = createActionRunner({ maxInstances: 1 });
    try {
      const actions = Array.from({ length: 4 }, counted);
      const [first, second] = [await runner.run(flow(actions)), await runner.run(flow(actions))];
      assert.deepEqual(pids([second]), pids([first]));
      assert.equal(pids([first]).size, 4);
    } finally {
      await runner.close();
    }
  });

  it("can be started before the sign-in that needs them", async () => {
    const spawn = mock.method(childProcess, "spawn");
    syncBuiltinESMExports();
    const runner = createActionRunner();
    try {
      const actions = [handler("", { runtime: "node12" }), handler("")];
      await runner.warmUp(() => actions);
      assert.equal(spawn.mock.callCount(), 2);
      await runner.warmUp(() => assert.fail("there are processes"));
      const { runs } = await runner.run(flow(actions));
      assert.equal(spawn.mock.callCount(), 2);
      assert.deepEqual(
        runs.map(({ cold }) => cold),
        [true, true],
      );
      assert.match(runs[0]?.warnings[0] ?? "", /on Node.js 12 at Auth0 \(said once\)/);
    } finally {
      await runner.close();
      spawn.mock.restore();
      syncBuiltinESMExports();
    }
  });

  it("are not started before a sign-in for an Action that cannot run, which is said at the sign-in", async () => {
    const runner = createActionRunner();
    try {
      const broken = handler("", { dependencies: [{ name: "not a name", version: "1" }] });
      await runner.warmUp(() => [broken]);
      assert.equal((await runner.run(flow(broken))).error?.kind, "dependency");
    } finally {
      await runner.close();
    }
  });

  it("make room for other Actions when all places are taken", async () => {
    const runner = createActionRunner({ maxInstances: 1 });
    try {
      const [one, two] = [counted(), counted()];
      const outcomes = await Promise.all([one, two, one, two].map((each) => runner.run(flow([each, one]))));
      assert.ok(outcomes.every(({ status }) => status === "completed"));
    } finally {
      await runner.close();
    }
  });

  it("end when they have been idle", async () => {
    const runner = createActionRunner({ idleMs: 50 });
    try {
      const idle = counted();
      const first = await runner.run(flow(idle));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const second = await runner.run(flow(idle));
      assert.equal(second.runs[0]?.cold, true);
      assert.equal(pids([first, second]).size, 2);
    } finally {
      await runner.close();
    }
  });

  it("end with the runner", async () => {
    const runner = createActionRunner();
    const outcome = await runner.run(flow(counted()));
    await runner.close();
    const [pid] = pids([outcome]);
    assert.throws(() => process.kill(Number(pid), 0), { code: "ESRCH" });
  });

  it("do not keep the tenant's process alive, and do not outlive it", async () => {
    const script = `
      import { createActionRunner } from ${JSON.stringify(fileURLToPath(new URL("../../src/actions/runner.ts", import.meta.url)))};
      import { flow, handler } from ${JSON.stringify(fileURLToPath(new URL("./harness.ts", import.meta.url)))};
      const outcome = await createActionRunner().run(flow(handler("console.log(process.pid)")));
      console.log(outcome.runs[0].console[0].text);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script],
      { timeout: 15_000 },
    );
    const pid = Number(stdout.trim());
    assert.ok(pid > 0);
    const gone = async () => {
      for (let time = 0; time < 100; time++) {
        try {
          process.kill(pid, 0);
        } catch {
          return true;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    };
    assert.ok(await gone());
  });

  it("run on another Node.js when told to, and say so when that cannot be", async () => {
    const runner = createActionRunner({ node: "/nowhere/node" });
    const outcome = await runner.run(flow(handler("")));
    await runner.close();
    assert.equal(outcome.status, "failed");
    assert.match(
      outcome.error?.message ?? "",
      /\/nowhere\/node, cannot be run: .* Set ACTION_NODE to another one\./,
    );
  });
});
