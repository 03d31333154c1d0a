import assert from "node:assert/strict";
import { assert as check, json, property, string, nat } from "fast-check";
import { jsonSyntaxError } from "../../src/lib/json-syntax-error.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonSyntaxError", () => {
  for (const [text, line, column, expected] of [
    ["", 1, 1, /a value/],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /a comma or } after the value/],
    ['{\n  "a": [1,]\n}', 2, 11, /a value/],
    ["{\n  'a': 1\n}", 2, 3, /a key in double quotes/],
    ['{ "a": 1, }', 1, 11, /a key in double quotes/],
    ['{ "a" 1 }', 1, 7, /a colon after the key/],
    ['{ "a": "x\n" }', 1, 8, /a closing quote/],
    ['["a", b]', 1, 7, /a value/],
    ["[1] [2]", 1, 5, /nothing more/],
  ] as const) {
    it(`finds the place in ${JSON.stringify(text)}`, () => {
      const error = jsonSyntaxError(text);
      assert.deepEqual([error?.line, error?.column], [line, column]);
      assert.match(error?.expected ?? "", expected);
    });
  }

  it("agrees with JSON.parse about every text", () => {
    check(property(json(), (text) => assert.equal(jsonSyntaxError(text), undefined)));
    check(
      property(json(), nat(), string({ maxLength: 3 }), (text, position, junk) => {
        const at = position % (text.length + 1);
        for (const broken of [
          text.slice(0, at) + junk + text.slice(at),
          text.slice(0, at) + text.slice(at + 1),
        ]) {
          assert.equal(jsonSyntaxError(broken) === undefined, isJson(broken), broken);
        }
      }),
    );
  });

  it("refuses brackets without end instead of running out of stack", () => {
    assert.match(jsonSyntaxError("[".repeat(1_000_000))?.expected ?? "", /fewer levels/);
  });
});
