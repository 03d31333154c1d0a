import assert from "node:assert/strict";
import { didYouMean, nearest } from "../../src/lib/nearest.ts";

describe("the nearest name", () => {
  const flags = ["--once", "--port", "--employee"];

  it("is the one with the fewest slips of the finger, whatever its case", () => {
    assert.equal(nearest("--onec", flags), "--once");
    assert.equal(nearest("--PROT", flags), "--port");
    assert.equal(nearest("port", ["sort", "Port"]), "Port");
    assert.equal(nearest("cart", ["card", "care"]), "card");
  });

  it("is not guessed where more than a third of the word, and more than two characters, are different", () => {
    assert.equal(nearest("abcdefghi", ["abcdef"]), "abcdef");
    assert.equal(nearest("abcdefghi", ["abcdefghi1234"]), undefined);
    assert.equal(nearest("abcdef", ["abcd"]), "abcd");
    assert.equal(nearest("abcdef", ["abc"]), undefined);
    assert.equal(nearest("--frobnicate", flags), undefined);
  });

  it("is offered as a question, or the text is empty", () => {
    assert.equal(didYouMean("--onec", flags), " Did you mean --once?");
    assert.equal(didYouMean("--frobnicate", flags), "");
  });
});
