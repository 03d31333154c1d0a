import assert from "node:assert/strict";
import { parseUrl } from "../../../stack/policy/parse-url.ts";

describe("a text", () => {
  it("is the same URL however often it is read", () => {
    // By then Node.js has compiled the reader, which is when URL.canParse begins to refuse the letter.
    for (let count = 0; count < 50_000; count += 1) {
      assert.equal(parseUrl("https://bücher.example/cb")?.hostname, "xn--bcher-kva.example");
    }
  });

  it("is no URL without a scheme, or with a broken host", () => {
    for (const text of ["groups", "", "https://", "https://[::1"]) assert.equal(parseUrl(text), undefined);
  });
});
