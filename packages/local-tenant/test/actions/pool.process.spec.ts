import assert from "node:assert/strict";
import { execFile } from "node:child_process";
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
