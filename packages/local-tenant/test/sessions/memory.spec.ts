import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Expiring } from "../../src/sessions/expiring.ts";
import type { Session } from "../../src/sessions/sessions.ts";
import { SignIns } from "../../src/sessions/sign-ins.ts";
import type { Trace } from "../../src/sessions/traces.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";

describe("what sign-ins leave in memory", () => {
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

  it("is bounded by bytes in each of its kinds, whatever Actions and clients put into one", () => {
    const signIns = new SignIns(() => 0);
    const { transactions, sessions, directorySessions, codes, refreshTokens, accessTokens, assertions } =
      signIns;
    const large = { text: "x".repeat(1_000_000) };
    // SAFETY: only the size of what is kept counts here.
    const kinds = [
      transactions,
      directorySessions,
      codes,
      refreshTokens,
      accessTokens,
    ] as Expiring<unknown>[];
    for (let i = 0; i < 50; i += 1) {
      for (const kind of kinds) kind.set(String(i), large, 1_000);
      assertions.set(String(i) + large.text, true, 1_000);
      // SAFETY: as above.
      sessions.keep(String(i), { id: String(i), expiresAt: 1_000, ...large } as unknown as Session, {});
      signIns.traces.add({ id: String(i), ...large } as unknown as Trace);
    }
    const sizes = [...kinds, assertions, sessions].map(({ size }) => size);
    for (const size of [...sizes, signIns.traces.list().length]) assert.equal(size, 16);
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
