import assert from "node:assert/strict";
import { createIds, seededRandom } from "../../src/store/ids.ts";

describe("createIds", () => {
  it("makes identifiers in the shapes of production", () => {
    const ids = createIds();
    assert.match(ids.alphanumeric(32), /^[A-Za-z0-9]{32}$/);
    assert.match(ids.prefixed("con_"), /^con_[A-Za-z0-9]{16}$/);
    assert.match(ids.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.match(ids.hex(24), /^[0-9a-f]{24}$/);
    assert.match(ids.hex(7), /^[0-9a-f]{7}$/);
    assert.equal(Buffer.from(ids.secret(), "base64url").length, 32);
  });

  it("never makes the same identifier twice", () => {
    const ids = createIds();
    const made = new Set(Array.from({ length: 2000 }, () => ids.alphanumeric(16)));
    assert.equal(made.size, 2000);
  });

  it("repeats itself with the same seed, and only then", () => {
    const run = (seed: string) => {
      const ids = createIds(seededRandom(seed));
      return [ids.uuid(), ids.alphanumeric(32), ids.secret()];
    };
    assert.deepEqual(run("a"), run("a"));
    assert.notDeepEqual(run("a"), run("b"));
  });
});
