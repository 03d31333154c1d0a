import assert from "node:assert/strict";
import { TriggerCache } from "../../src/actions/cache.ts";
import { answer, handler, withRunner } from "./harness.ts";

describe("api.cache", () => {
  const { run } = withRunner();
  const evaluate = async (expression: string) =>
    answer(await run(handler(`console.log(JSON.stringify(${expression}) ?? "null");`)));

  it("is shared by all Actions of the trigger, and by later sign-ins", async () => {
    const first = handler(`api.cache.set("shared", "by one");`);
    const second = handler(`console.log(JSON.stringify(api.cache.get("shared").value));`);
    assert.equal(answer(await run([first, second])), "by one");
    assert.equal(answer(await run(second)), "by one");
    assert.deepEqual(await evaluate(`[api.cache.delete("shared"), api.cache.get("shared") ?? null]`), [
      { type: "success" },
      null,
    ]);
    assert.equal(await evaluate(`api.cache.get("shared")`), null);
  });

  it("answers the record with its expiry: 15 minutes, what was asked for, or a day at most", async () => {
    const lifetimes = await evaluate(`(() => {
      const rest = (options) => { const set = api.cache.set("life", "v", options);
        return [set.type, set.record.value, Math.round((set.record.expires_at - Date.now()) / 1000)]; };
      return [rest(), rest({ ttl: 5000 }), rest({ expires_at: Date.now() + 9000, ttl: 60000 }), rest({ ttl: 1e12 })];
    })()`);
    assert.deepEqual(lifetimes, [
      ["success", "v", 900],
      ["success", "v", 5],
      ["success", "v", 9],
      ["success", "v", 86_400],
    ]);
    await evaluate(`api.cache.delete("life")`);
  });

  it("forgets what has expired", async () => {
    await evaluate(`api.cache.set("brief", "v", { ttl: 1 })`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await evaluate(`api.cache.get("brief")`), null);
  });

  it("answers codes where a limit is passed, in the order of production's checks", async () => {
    const codes = await evaluate(`(() => {
      const code = (...args) => api.cache.set(...args).code ?? "set";
      return [
        code("k".repeat(65), "v".repeat(5000)), code("é".repeat(33), "v"), code("k", "v".repeat(4097)),
        code("a", "v".repeat(4096), { ttl: NaN }), code("a", "v", { expires_at: Infinity }), code("a", "v", { ttl: 0 }),
        code("a", "v", { ttl: 50, expires_at: 1 }),
        code("one", "v".repeat(4093)), code("two", "v".repeat(4093)), code("three", "v", { ttl: NaN }),
        code("two", "short"), code("three", "v"), api.cache.delete("four").code,
      ];
    })()`);
    assert.deepEqual(codes, [
      "CacheKeySizeExceeded",
      "CacheKeySizeExceeded",
      "CacheValueSizeExceeded",
      "InvalidExpiry",
      "InvalidExpiry",
      "ItemAlreadyExpired",
      "ItemAlreadyExpired",
      "set",
      "set",
      "CacheSizeExceeded",
      "set",
      "set",
      "CacheKeyDoesNotExist",
    ]);
    await evaluate(`["one", "two", "three"].map((key) => api.cache.delete(key))`);
  });

  it("takes at most 20 entries", async () => {
    const results = await evaluate(
      `[...Array(21).keys()].map((n) => api.cache.set("entry" + n, "v")).map(({ type, code }) => code ?? type).slice(-2)`,
    );
    assert.deepEqual(results, ["success", "MaxSideEffectsExceeded"]);
  });
});

describe("the cache of a trigger", () => {
  it("keeps to the limits, whatever a process says", () => {
    let now = 1000;
    const cache = new TriggerCache(() => now);
    assert.equal(cache.set("k".repeat(65), "v", 2000), false);
    assert.equal(cache.set("k", "v".repeat(4097), 2000), false);
    assert.equal(cache.set("a", "v".repeat(4095), 2000), true);
    assert.equal(cache.set("b", "v".repeat(4095), 2000), true);
    assert.equal(cache.set("c", "", 2000), false);
    assert.equal(cache.set("b", "", Number.MAX_SAFE_INTEGER), true);
    assert.deepEqual(cache.snapshot()[1], ["b", "", now + 86_400_000]);
    now = 2000;
    assert.deepEqual(
      cache.snapshot().map(([key]) => key),
      ["b"],
    );
  });
});
