import assert from "node:assert/strict";
import { foldAfter, foldLines, namesIn } from "../../../review/claims/fold.ts";
import { writeDifferenceText } from "../../../review/against/text.ts";
import { DifferenceTally } from "../../../review/against/tally.ts";
import { differencesOf } from "../../../review/against/difference.ts";
import { headText, writeText } from "../../../review/claims/text.ts";
import { headWith, rowWith, sideOf, written } from "../support/side.ts";

const MANY = Array.from({ length: 100 }, (_, index) => `Project ${String(index + 1).padStart(3, "0")}`);
const longest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("an output on a terminal", () => {
  it("is folded between words, and goes on below where its text began", () => {
    const words = "one two three four five six seven eight nine ten eleven";
    assert.equal(
      foldAfter("  ada  ", words, 50),
      "  ada  one two three four five six seven eight\n       nine ten eleven",
    );
    assert.equal(foldAfter("  ada  ", words), `  ada  ${words}`);
  });

  it("goes on at the left where little room is beside what comes before", () => {
    const before = `${"x".repeat(30)}  `;
    assert.equal(foldAfter(before, "one two three four", 42), `${before}one two\n      three four`);
  });

  it("leaves a word whole that is longer than a line", () => {
    assert.equal(foldAfter("- ", `a ${"b".repeat(60)} c`, 50), `- a\n  ${"b".repeat(60)}\n  c`);
  });

  it("keeps the indentation of each line of a text, and shows what goes on below", () => {
    const text = `title\n  ${"word ".repeat(12).trim()}\n`;
    assert.equal(
      foldLines(text, 40),
      `title\n  ${"word ".repeat(7).trim()}\n    ${"word ".repeat(5).trim()}\n`,
    );
    assert.equal(foldLines(text), text);
    // What goes on below fits too, where it is as long as a line.
    const tight = foldLines(`title ${"a".repeat(30)} ${"b".repeat(30)} ccc ddd`, 38);
    assert.equal(tight, `title ${"a".repeat(30)}\n  ${"b".repeat(30)} ccc\n  ddd`);
    assert.ok(longest(tight) <= 38, tight);
  });

  it("says the first names of a long list and counts the rest, and says all of them to another program", () => {
    assert.match(namesIn(MANY, 80), /^Project 001, .*, Project 012 and 88 more$/);
    assert.equal(namesIn(MANY), MANY.join(", "));
    assert.equal(namesIn(MANY.slice(0, 13), 80), MANY.slice(0, 13).join(", "));
  });

  it("has no line that is longer than the terminal, and says where all groups are", async () => {
    const rows = [rowWith({ groups: MANY }), rowWith({ person: "bo@xyz.example" })];
    const head = headWith({ notIn: ["A sentence that has quite a few words, more than fit. ".repeat(3)] });
    for (const columns of [80, 100, 160]) {
      const text = await written((write) => writeText(16, columns)(sideOf(rows, head), write));
      assert.ok(longest(text) <= columns, text);
      assert.ok(longest(headText(head, columns)) <= columns);
      assert.match(
        text.replaceAll(/\s+/g, " "),
        /Project 012 and 88 more .*--json and --csv have all groups/,
      );
    }
    const piped = await written((write) => writeText(16)(sideOf(rows, head), write));
    assert.ok(piped.includes(MANY.join(", ")));
    assert.doesNotMatch(piped, / and \d+ more|--json/);
  });

  it("cuts what somebody loses, and says where all groups are", async () => {
    const difference = () => ({
      before: headWith({ ref: "main" }),
      after: headWith(),
      changes: differencesOf(sideOf([rowWith({ groups: MANY })]).rows, sideOf([rowWith()]).rows),
    });
    const text = async (columns?: number) =>
      written((write) => writeDifferenceText(16, columns)(difference(), new DifferenceTally(), write));
    const shown = await text(80);
    assert.ok(longest(shown) <= 80, shown);
    assert.match(
      shown.replaceAll(/\s+/g, " "),
      /loses Project 001, .* Project 012 and 88 more .*--json and --csv/,
    );
    assert.ok((await text()).includes(MANY.join(", ")));
  });
});
