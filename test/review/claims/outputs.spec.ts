import assert from "node:assert/strict";
import { record, writeCsv } from "../../../review/claims/csv.ts";
import { jsonText, writeJson } from "../../../review/claims/json.ts";
import { code, line, writeMarkdown } from "../../../review/claims/markdown.ts";
import { plain } from "../../../review/claims/output.ts";
import { writeText } from "../../../review/claims/text.ts";
import type { ClaimsRow } from "../../../review/claims/model.ts";
import { headWith, rowWith, sideOf, written } from "../support/side.ts";

const DENIED: Partial<ClaimsRow> = {
  outcome: "denied",
  reason: "No groups.",
  idTokenBytes: 0,
  marks: ["empty"],
};

describe("the outputs of claims", () => {
  it("say in a table for a terminal who gets in, with what, and what it is a model of", async () => {
    const rows = [
      rowWith({ groups: ["A", "B"], marks: ["capped"] }),
      rowWith({ ...DENIED, person: "bo@xyz.example" }),
    ];
    const text = await written((write) => writeText(16)(sideOf(rows), write));
    assert.match(text, /stack +dev of the working tree\n/);
    assert.match(text, /local\/directory\.json of 2026-11-24: 2 people of xyz\.example\n/);
    assert.match(text, /not in it +Refreshes\.\n/);
    assert.match(text, /\nportal\n {2}ada@xyz\.example +signed in +1000 B {2}A, B \(capped\)\n/);
    assert.match(text, / {2}bo@xyz\.example +denied +No groups\. \(empty\)\n/);
    assert.match(
      text,
      /\n1 signed in, 1 denied\. The largest ID token is ada@xyz\.example's for portal: 1000 bytes\.\n$/,
    );
  });

  it("name the connection in a table for a terminal where a person has several", async () => {
    const rows = ["a", "b"].map((connection) => rowWith({ connection }));
    const others = [rowWith({ person: "bo@xyz.example", connection: "a" })];
    const text = await written((write) => writeText(16)(sideOf([...rows, ...others]), write));
    assert.deepEqual(text.match(/\(by .\)/g), ["(by a)", "(by b)"]);
  });

  it("show what would move a terminal's cursor by its number", () => {
    assert.equal(plain("a\u001b[2Kb\u202ec\nd é"), "a\\u{1b}[2Kb\\u{202e}c\\u{a}d é");
  });

  it("are one JSON document, with the head, the rows and how many ended how", async () => {
    const [head, rows] = [headWith({ ref: "main" }), [rowWith(), rowWith(DENIED)]];
    const text = await written((write) => writeJson(sideOf(rows, head), write));
    const outcomes = { "signed-in": 1, denied: 1, failed: 0 };
    assert.deepEqual(JSON.parse(text), { head, rows, outcomes });
    assert.deepEqual(JSON.parse(await written((write) => writeJson(sideOf([]), write))), {
      head: headWith(),
      rows: [],
      outcomes: { "signed-in": 0, denied: 0, failed: 0 },
    });
  });

  it("are a CSV file whose every record has the model", async () => {
    const rows = [rowWith({ groups: ["A", "B"] }), rowWith({ ...DENIED, groups: [] })];
    const text = await written((write) => writeCsv(sideOf(rows), write));
    const [heading = "", first = "", second = "", rest] = text.split("\r\n");
    assert.match(heading, /^application,person,department,.*,model$/);
    assert.match(first, /^portal,ada@xyz\.example,Engineering,xyz\.example,azure-ad,signed-in,,A; B,/);
    for (const record of [first, second])
      assert.match(record, /,"?stack: dev of the working tree; .*; not in it: Refreshes\."?$/);
    assert.equal(rest, "");
  });

  it("leave a spreadsheet no formula", () => {
    const cells = ["=1+1", "+1", "-1", "@SUM", " =1", "\t=1", "a=1", 'say "hi"', "a,b", -1];
    assert.equal(record(cells), `'=1+1,'+1,'-1,'@SUM, '=1,\\u{9}=1,a=1,"say ""hi""","a,b",-1\r\n`);
    // Where a comma is what numbers have, a semicolon ends a cell.
    assert.equal(record(["A; =1+1; B;-2; c-d"]), "A; '=1+1; B;'-2; c-d\r\n");
  });

  it("are of one line for each record of CSV, which no name of a group breaks or colours", async () => {
    const rows = [rowWith({ groups: ["a\nb", "\u001b[31mred", "c\u202ed"], department: "x\r\ny" })];
    const text = await written((write) => writeCsv(sideOf(rows), write));
    assert.equal(text.split("\n").length, 3);
    assert.ok(text.includes("a\\u{a}b; \\u{1b}[31mred; c\\u{202e}d"), text);
  });

  it("escape in JSON what a terminal would obey, without another value", () => {
    const value = { name: "a\u001b\u009b31m\u202e\u2028\u{e0001}é😀" };
    assert.equal(jsonText(value), '{"name":"a\\u001b\\u009b31m\\u202e\\u2028\\udb40\\udc01é😀"}');
    assert.deepEqual(JSON.parse(jsonText(value, 1)), value);
  });

  it("are Markdown in which no name is anything but a name", async () => {
    const groups = ["@team", "#12", "a|b", "<b>x</b>", "`tick`", "[l](https://x.example)", "a\nb"];
    const text = await written((write) => writeMarkdown(sideOf([rowWith({ groups })]), write));
    assert.match(text, /\n### `portal`\n\n\| person \| outcome \| bytes \| groups \|\n\| --- \|/);
    const shown = "`@team`, `#12`, `a\\|b`, `<b>x</b>`, `` `tick` ``, `[l](https://x.example)`, `a\\u{a}b`";
    assert.ok(text.endsWith(`| \`ada@xyz.example\` | signed-in | 1000 | ${shown} |\n`), text);
    assert.match(text, /^- stack: `dev of the working tree`\n/);
  });

  it("fence Markdown code with more backticks than it has", () => {
    assert.deepEqual(["a``b", "`", " x ", ""].map(code), ["```a``b```", "`` ` ``", "`  x  `", "`  `"]);
    assert.equal(line(["a|b", "c"]), "| a\\|b | c |\n");
  });
});
