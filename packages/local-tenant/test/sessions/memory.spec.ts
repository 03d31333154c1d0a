import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Expiring } from "../../src/sessions/expiring.ts";
import { SignIns } from "../../src/sessions/sign-ins.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";

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

  it("is the newest when it takes too many bytes, which are counted whatever way a value goes", () => {
    let now = 0;
    const sizeOf = (value: string) => value.length;
    const values = new Expiring<string>(() => now, 100, { bytes: 10, sizeOf });
    values.set("a", "xxxx", 1_000);
    values.set("b", "xxxx", 2_000);
    values.set("a", "xx", 1_000);
    assert.deepEqual([values.size, values.bytes], [2, 6]);
    values.set("c", "xxxxx", 2_000);
    assert.deepEqual([values.get("b"), values.size, values.bytes], [undefined, 2, 7]);
    now = 1_000;
    assert.deepEqual([values.get("a"), values.bytes], [undefined, 5]);
    assert.deepEqual([values.take("c"), values.take("c"), values.bytes], ["xxxxx", undefined, 0]);
    values.set("d", "xxx", 1_000);
    values.set("e", "xxx", 1_000);
    values.deleteWhere(() => true);
    assert.deepEqual([values.size, values.bytes], [0, 0]);
  });

  it("is bounded where nobody has to be signed in: a state of 900 kB in 100 requests holds some dozen", async function () {
    this.timeout(60_000);
    const test = await startTestTenant();
    try {
      const application = addApplication(test);
      const { transactions } = test.tenant.context.signIns;
      const send = (length: number) =>
        new Agent(test).post("/authorize", {
          response_type: "code",
          client_id: application.client.client_id,
          redirect_uri: application.redirectUri,
          scope: "openid",
          connection: application.connection.name,
          state: "x".repeat(length),
        });
      await send(10);
      const usual = transactions.bytes;
      for (let i = 0; i < 100; i += 1) assert.equal((await send(900_000)).statusCode, 302);
      assert.ok(usual < 4_000, `a usual one counts ${usual} bytes`);
      assert.ok(transactions.bytes <= 32 * 1024 * 1024, `${transactions.bytes} bytes`);
      assert.ok(transactions.size > 1 && transactions.size < 40, `${transactions.size} are held`);
    } finally {
      await test.close();
    }
  });

  it("can be taken once", () => {
    const values = new Expiring<number>(() => 0, 3);
    values.set("a", 1, 1_000);
    assert.deepEqual([values.take("a"), values.take("a")], [1, undefined]);
  });

  it("stays within its limits over many sign-ins, and so does the heap", async function () {
    this.timeout(60_000);
    const test = await startTestTenant();
    try {
      const { context } = test.tenant;
      const limit = 50;
      const signIns = new SignIns(context.now, limit);
      Object.assign(context, { signIns });
      const application = addApplication(test);
      const signInMany = async (count: number) => {
        for (let done = 0; done < count; done++) {
          const agent = new Agent(test);
          await agent.tokens(application, { scope: "openid email offline_access" });
          await new Agent(test).authorize(application);
        }
      };
      // The lists of traces, log rows and requests are full by then.
      await signInMany(450);
      const before = await heapUsed();
      await signInMany(300);
      const grown = (await heapUsed()) - before;
      assert.ok(grown < 1_000_000, `300 sign-ins left ${grown} bytes`);
      const { transactions, sessions, codes, refreshTokens, accessTokens } = signIns;
      assert.deepEqual(
        [transactions, sessions, codes, refreshTokens, accessTokens].map(({ size }) => size),
        [limit, limit, limit, limit * 2, limit * 2],
      );
      assert.equal(signIns.traces.list().length, 200);
      assert.equal(context.log.list().length, 2_000);
      assert.equal(context.store.tables.logs.size, 1_000);
      assert.equal(context.store.tables.users.size, 1);
    } finally {
      await test.close();
    }
  });
});

/** Bytes of the heap that are in use when the garbage is gone. */
async function heapUsed(): Promise<number> {
  setFlagsFromString("--expose-gc");
  // SAFETY: a context made with that flag set has this function.
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return process.memoryUsage().heapUsed;
}
