import assert from "node:assert/strict";
import fc from "fast-check";
import { nearest } from "../../../packages/local-tenant/src/lib/nearest.ts";
import { nearestName } from "../../../stack/config/nearest-name.ts";

describe("the nearest name in the configuration", () => {
  it("is the one that the local commands would name", () => {
    const word = fc
      .array(fc.constantFrom("a", "b", "B", "-"), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 5 }), (name, known) => {
        assert.equal(nearestName(name, known), nearest(name, known));
      }),
    );
  });

  it("is none where a third of the name would have to change", () => {
    assert.equal(nearestName("groupPolcy", ["groupSource", "groupPolicy"]), "groupPolicy");
    assert.equal(nearestName("callbackUrls", ["callbacks"]), "callbacks");
    assert.equal(nearestName("members", ["directories"]), undefined);
  });
});
