import assert from "node:assert/strict";
import { Expiring } from "../../../../local/tenant/login/expiring.ts";
import { addApplication } from "../../../support/application.ts";
import { Agent } from "../../../support/oauth.ts";
import { startTestTenant } from "../../../support/tenant.ts";

describe("what sign-ins leave in memory", () => {
  it("is forgotten when its time is over, whether anybody asks for it or not", () => {
    let now = 0;
    const values = new Expiring<string>(() => now, 100);
    values.set("short", "a", 1_000);
    values.set("long", "b", 100_000);
    now = 999;
    assert.equal(values.get("short"), "a");
    now = 1_000;
    assert.equal(values.get("short"), undefined);
    values.set("short", "a", 1_000);
    now = 50_000;
    values.set("new", "c", 1_000);
    assert.equal(values.size, 2);
    assert.equal(values.get("long"), "b");
  });

  it("is the newest when there is more than the limit, and use makes it new", () => {
    const values = new Expiring<number>(() => 0, 3);
    for (const key of ["a", "b", "c"]) values.set(key, 1, 1_000);
    values.set("a", 2, 1_000);
    values.set("d", 1, 1_000);
    assert.deepEqual(
      ["a", "b", "c", "d"].map((key) => values.get(key)),
      [2, undefined, 1, 1],
    );
  });

  it("can be taken once", () => {
    const values = new Expiring<number>(() => 0, 3);
    values.set("a", 1, 1_000);
    assert.deepEqual([values.take("a"), values.take("a")], [1, undefined]);
  });

  it("stays within its limits over many sign-ins", async function () {
    this.timeout(60_000);
    const test = await startTestTenant();
    try {
      const application = addApplication(test);
      for (let count = 0; count < 1_100; count++) {
        const agent = new Agent(test);
        await agent.exchange(application, await agent.code(application));
        await new Agent(test).authorize(application);
      }
      const { signIns, store, log } = test.tenant.context;
      const sizes = [
        signIns.transactions.size,
        signIns.sessions.size,
        signIns.codes.size,
        store.tables.logs.size,
      ];
      for (const size of sizes) assert.ok(size <= 1_000, sizes.join());
      assert.equal(signIns.traces.list().length, 200);
      assert.ok(log.list().length <= 2_000);
      assert.equal(store.tables.users.size, 1);
    } finally {
      await test.close();
    }
  });
});
