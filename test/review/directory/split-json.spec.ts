import assert from "node:assert/strict";
import fc from "fast-check";
import { splitJson } from "../../../review/directory/formats/split-json.ts";

/** Cuts a text into pieces of these lengths, and the rest. */
function pieces(text: string, lengths: readonly number[]): string[] {
  const found: string[] = [];
  let rest = text;
  for (const length of lengths) {
    found.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...found, rest];
}

const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 });
const space = fc.constantFrom(undefined, 2);
const lengths = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 });

describe("JSON that is cut into elements", () => {
  it("gives the elements and the rest of each document, wherever the pieces end", () => {
    const documents = fc.array(fc.tuple(values, fc.jsonValue({ maxDepth: 2 }), fc.boolean(), space), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(documents, lengths, (all, cuts) => {
        const text = all
          .map(([list, other, bare, indent]) =>
            JSON.stringify(bare ? list : { before: other, value: list, after: [other] }, null, indent),
          )
          .join("\n");
        const parts = [...splitJson(pieces(text, cuts))];
        const wanted = all.flatMap(([list, other, bare]) => [
          ...list,
          bare ? [] : { before: other, value: [], after: [other] },
        ]);
        assert.deepEqual(
          parts.map((part) => (part.kind === "end" ? part : (JSON.parse(part.text) as unknown))),
          JSON.parse(JSON.stringify(wanted)),
        );
        const lines = text.split("\n");
        for (const part of parts) {
          if (part.kind !== "element") continue;
          const [first = ""] = part.text.split("\n");
          assert.ok(lines[part.line - 1]?.includes(first), `line ${part.line} has ${first}`);
        }
      }),
    );
  });

  it("never throws, and says where it stops", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \nvalue1') }), lengths, (text, cuts) => {
        const parts = [...splitJson(pieces(text, cuts))];
        const ends = parts.filter(({ kind }) => kind === "end").length;
        assert.ok(ends <= 1 && parts.slice(0, -1).every(({ kind }) => kind !== "end"));
        assert.deepEqual(parts, [...splitJson([text])]);
      }),
    );
  });

  it("holds one element of a list at a time", () => {
    let given = 0;
    const endless = (function* () {
      yield '{"value": [';
      for (;;) {
        given += 1;
        yield `{"number": ${given}},`;
      }
    })();
    for (const part of splitJson(endless)) {
      assert.deepEqual(part, {
        kind: "element",
        line: 1,
        text: `{"number": ${given}}`,
        before: '{"value": [',
      });
      if (given === 1000) break;
    }
    assert.equal(given, 1000);
  });
});
