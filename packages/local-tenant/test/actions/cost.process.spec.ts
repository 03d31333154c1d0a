import assert from "node:assert/strict";
import { mock } from "node:test";
import { LineReader } from "../../src/actions/lines.ts";
import { planLaunch } from "../../src/actions/launch.ts";
import { findActionNode } from "../../src/actions/node.ts";
import { createActionRunner } from "../../src/actions/runner.ts";
import { createTls } from "../../src/lib/tls.ts";
import { answer, flow, handler, withRunner } from "./harness.ts";

describe("what a run of an Action costs", () => {
  const { run } = withRunner();

  it("is one write of its process, and one more for what it prints", async () => {
    const push = mock.method(LineReader.prototype, "push");
    try {
      for (const [body, writes] of [
        [`api.idToken.setCustomClaim("a", 1);`, 1],
        [`console.log("a"); api.idToken.setCustomClaim("a", 1);`, 2],
      ] as const) {
        const one = handler(body);
        await run(one);
        push.mock.resetCalls();
        for (let count = 0; count < 10; count++) await run(one);
        const reads = push.mock.callCount();
        assert.ok(reads <= 10 * writes, `${reads} reads`);
      }
    } finally {
      push.mock.restore();
    }
  });

  it("is no more of Node than an Action without requests needs, when its process starts", async () => {
    const outcome = await run(
      handler(`console.log(JSON.stringify(process.moduleLoadList.map((name) => name.split(" ").at(-1))));`),
    );
    const loaded = new Set(answer(outcome) as string[]);
    assert.ok(loaded.has("net"), "the line to the tenant");
    for (const name of [
      "crypto",
      "tls",
      "http",
      "https",
      "child_process",
      "cluster",
      "perf_hooks",
      "worker_threads",
    ])
      assert.ok(!loaded.has(name), name);
  });

  it("is not the reading of all public certificates, which a variable would have Node do at each start", async () => {
    const node = await findActionNode();
    assert.deepEqual(planLaunch({ node, readable: [], memoryMb: 64 }).env, { TZ: "UTC" });
    const runner = createActionRunner({ ca: (await createTls()).ca });
    try {
      const outcome = await runner.run(flow(handler("console.log(JSON.stringify(process.moduleLoadList));")));
      assert.ok(!(answer(outcome) as string[]).includes("NativeModule tls"));
    } finally {
      await runner.close();
    }
  });
});
