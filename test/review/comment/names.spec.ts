import assert from "node:assert/strict";
import fc from "fast-check";
import { summarised } from "../../../review/comment/run.ts";
import type { Summary } from "../../../review/comment/summary.ts";
import { commentOf, wholeOf } from "../../../review/comment/texts.ts";
import { headWith, rowWith, sideOf } from "../support/side.ts";
import { DENIED, reportOf, violation } from "./support.ts";

const HOSTILE = [
  "@org/team",
  "#123",
  "https://evil.example",
  "www.evil.example",
  "[a](https://evil.example)",
  "![a](https://evil.example/a.png)",
  "<img src=https://evil.example>",
  "</details><h1>",
  "<!-- workforce-sso claims -->",
  "-->",
  "**bold** _it_ ~~no~~",
  "`tick` ``two``",
  "`",
  "``` ```",
  "a|b\\|c\\\\|d|",
  "\\",
  "a\n# b\r\n- c\u2028d",
  "\u202egnp.exe",
  " ",
  ":tada: $x$ &lt;",
  "GH-1 org/repo#1 a5c3785ed8d6a35868bc169f07e40e889087fd2e",
];

describe("a name in a comment", () => {
  for (const name of HOSTILE) {
    it(`is nothing but a name: ${JSON.stringify(name)}`, () => isHarmless(name));
  }

  it("is nothing but a name, whatever its characters", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(..."`|\\\n\r <>!-*_[]()#@&ax😀") }),
        isHarmless,
      ),
    ));

  it("is cut where nobody would read on", async () => {
    const text = commentOf(await summaryNaming("x".repeat(10_000)));
    assert.ok(text.includes(`\`${"x".repeat(600)}…\``));
    assert.ok(!text.includes("x".repeat(601)));
  });
});

/** A page with the name everywhere is one with a harmless name, where what is shown as code is left out. */
async function isHarmless(name: string): Promise<void> {
  const [hostile, harmless] = [await summaryNaming(name), await summaryNaming("name")];
  for (const text of [commentOf, wholeOf]) {
    assert.deepEqual(withoutCode(text(hostile)), withoutCode(text(harmless)));
  }
}

/** A span of code: it ends at as many backticks as it began with (CommonMark 6.1). */
const CODE = /(?<!`)(`+)(?!`)[^]*?[^`]\1(?!`)/g;

/**
 * A page as Markdown has it, without spans of code: they cannot go on in another cell, and a row's cells end
 * at bars. Readers do not agree whether two backslashes before one escape it, so a page must be the same
 * either way.
 */
function withoutCode(text: string): string[] {
  const withoutSpans = (part: string) => part.replaceAll(CODE, "CODE");
  return [/(?<!\\)\|/, /(?<=(?<!\\)(?:\\\\)*)\|/].map((bar) =>
    text
      .split("\n")
      .map((row) => (row.startsWith("|") ? row.split(bar).map(withoutSpans).join("|") : withoutSpans(row)))
      .join("\n"),
  );
}

/** One that has the name wherever a name can be. */
async function summaryNaming(name: string): Promise<Summary> {
  const changes = { application: name, person: name };
  const before = [rowWith({ ...changes, groups: [name] }), rowWith({ ...changes, application: `${name}2` })];
  const after = [rowWith(changes), rowWith({ ...changes, ...DENIED, application: `${name}2`, reason: name })];
  const directory = { file: name, date: "2026-11-24", people: 1, names: [name] };
  const sides = [
    sideOf(before, headWith({ ref: name, groupsClaim: name })),
    sideOf(after, headWith({ directory, tokens: [name], stack: name })),
  ] as const;
  const said = violation({ name, application: name, person: name, says: name, chain: [name, name] });
  const against = { ref: name, loosened: [{ rule: name, line: 1, says: name }], result: reportOf([said]) };
  const access = { ...reportOf([said]), file: name, against };
  return { ...(await summarised(...sides, { people: true })), access };
}
