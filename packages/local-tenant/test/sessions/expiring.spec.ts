import assert from "node:assert/strict";
import { Expiring } from "../../src/sessions/expiring.ts";

describe("a value that is kept for a time", () => {
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
    const values = new Expiring<string>(() => now, 100, { byteLimit: { bytes: 10, sizeOf } });
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

  it("can be taken once", () => {
    const values = new Expiring<number>(() => 0, 3);
    values.set("a", 1, 1_000);
    assert.deepEqual([values.take("a"), values.take("a")], [1, undefined]);
  });

  it("ends when it would have ended where it is changed, and is not made again where it is gone", () => {
    let now = 0;
    const sizeOf = (value: string) => value.length;
    const values = new Expiring<string>(() => now, 100, { byteLimit: { bytes: 10, sizeOf } });
    values.set("a", "x", 1_000);
    now = 500;
    values.change("a", (value) => `${value}yz`);
    values.change("b", () => "made");
    assert.deepEqual([values.get("a"), values.get("b"), values.bytes], ["xyz", undefined, 3]);
    now = 1_000;
    values.change("a", () => "again");
    assert.deepEqual([values.get("a"), values.size, values.bytes], [undefined, 0, 0]);
  });

  it("is found by what it is indexed by", () => {
    const options = { indexedBy: { owner: ({ owner }: { owner: string }) => [owner] } };
    const values = new Expiring<{ owner: string }>(() => 0, 100, options);
    for (const [key, owner] of [
      ["1", "a"],
      ["2", "b"],
      ["3", "a"],
    ] as const) {
      values.set(key, { owner }, 1_000);
    }
    assert.deepEqual(values.keysBy("owner", "a").sort(), ["1", "3"]);
    values.deleteWhere(({ owner }) => owner === "b");
    assert.deepEqual([values.size, values.keysBy("owner", "b")], [2, []]);
  });

  it("may fill its bytes to the last one", () => {
    const values = new Expiring<string>(() => 0, 100, {
      byteLimit: { bytes: 10, sizeOf: (value) => value.length },
    });
    for (const key of ["a", "b"]) values.set(key, "xxxxx", 1_000);
    assert.deepEqual([values.size, values.bytes], [2, 10]);
  });

  it("goes when its time is over, also after the clock was set back", () => {
    let now = 100_000;
    const values = new Expiring<string>(() => now, 100);
    values.set("a", "x", 1_000_000);
    now = 0;
    values.set("b", "x", 1_000);
    now = 30_000;
    values.set("c", "x", 1_000);
    assert.deepEqual([values.size, values.get("b"), values.get("c")], [2, undefined, "x"]);
  });
});
