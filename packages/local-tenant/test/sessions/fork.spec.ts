import assert from "node:assert/strict";
import { SignIns } from "../../src/sessions/sign-ins.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";

const assertion = (signIns: SignIns, key: string) => signIns.assertions.get(key) === true;

describe("a fork of all that is remembered of sign-ins", () => {
  it("has it by its own clock, and what one of the two forgets or learns the other does not", () => {
    const signIns = new SignIns(() => 0);
    signIns.assertions.set("a", true, 1_000);
    signIns.assertions.set("b", true, 5_000);
    let now = 0;
    const fork = signIns.fork(() => now);
    assert.equal(fork.ownSize, 0);
    fork.assertions.delete("b");
    fork.assertions.set("c", true, 1_000);
    signIns.assertions.set("d", true, 1_000);
    assert.deepEqual(
      ["a", "b", "c", "d"].map((key) => [assertion(signIns, key), assertion(fork, key)].join(" ")),
      ["true true", "true false", "false true", "true false"],
    );
    assert.ok(fork.ownSize > 0, "what the fork has changed is its own");
    now = 1_000;
    assert.deepEqual([assertion(signIns, "a"), assertion(fork, "a")], [true, false]);
  });

  it("goes back to a snapshot as a whole, bytes and all", () => {
    const signIns = new SignIns(() => 0);
    const request = {
      clientId: "c",
      redirectUri: "r",
      responseMode: "query",
      scope: [],
      prompt: [],
      acrValues: [],
    };
    const begin = (id: string) => {
      const rest = { ...request, responseMode: "query", parameters: { state: id.repeat(100) } } as const;
      signIns.transactions.set(id, { id, browser: "b", request: rest }, 1_000);
    };
    begin("a");
    const [snapshot, { bytes }] = [signIns.snapshot(), signIns.transactions];
    begin("b");
    signIns.transactions.change("a", (known) => ({ ...known, connectionId: "chosen" }));
    assert.ok(signIns.transactions.bytes > bytes);
    signIns.reset(snapshot);
    assert.deepEqual([signIns.transactions.size, signIns.transactions.bytes], [1, bytes]);
    assert.equal(signIns.transactions.get("a")?.connectionId, undefined);
  });

  it("copies nothing of a tenant in use, and a sign-in in the one is unknown to the other", async () => {
    const test = await startTestTenant();
    try {
      const { context } = test.tenant;
      const root = context.signIns;
      const application = addApplication(test);
      const agent = new Agent(test);
      await agent.tokens(application, { scope: "openid email offline_access" });
      const fork = root.fork(context.now);
      const sizes = (signIns: SignIns) => {
        const { sessions, codes, refreshTokens, accessTokens, directorySessions, traces } = signIns;
        const kinds = [sessions, codes, refreshTokens, accessTokens, directorySessions];
        return [...kinds.map(({ size }) => size), traces.list().length].join(" ");
      };
      const before = sizes(root);
      assert.equal(before, "1 1 1 1 1 1");
      assert.deepEqual([sizes(fork), fork.ownSize], [before, 0]);

      Object.assign(context, { signIns: fork });
      await new Agent(test).tokens(application, { scope: "openid email offline_access" });
      assert.deepEqual([sizes(fork), sizes(root)], ["2 2 2 2 2 2", before]);
      // The browser that was signed in before the fork is so in both.
      await agent.tokens(application, { prompt: "none" });
      Object.assign(context, { signIns: root });
      await agent.tokens(application, { prompt: "none" });
    } finally {
      await test.close();
    }
  });

  it("has values that nobody can change in place", async () => {
    const test = await startTestTenant();
    try {
      await new Agent(test).tokens(addApplication(test), { scope: "openid offline_access" });
      const { entries } = test.tenant.context.signIns.snapshot().refreshTokens;
      const [record] = [...(entries.layers[0]?.rows.values() ?? [])];
      assert.ok(record && Object.isFrozen(record.value.value));
    } finally {
      await test.close();
    }
  });
});
