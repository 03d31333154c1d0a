import assert from "node:assert/strict";
import { Closing } from "../../review/closing.ts";

describe("what is undone at the end", () => {
  it("is undone in the opposite order, once, and whole where a part of it fails", async () => {
    const done: number[] = [];
    const closing = new Closing();
    closing.add(() => void done.push(1));
    closing.add(() => Promise.reject(new Error("two")));
    closing.add(async () => void done.push(await Promise.resolve(3)));
    await assert.rejects(closing.close(), /two/);
    assert.deepEqual(done, [3, 1]);
    await closing.close();
    assert.deepEqual(done, [3, 1]);
  });
});
