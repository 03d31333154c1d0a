import assert from "node:assert/strict";
import { writeDifferenceCsv } from "../../../review/against/csv.ts";
import { differencesOf } from "../../../review/against/difference.ts";
import { writeDifferenceJson } from "../../../review/against/json.ts";
import { writeDifferenceMarkdown } from "../../../review/against/markdown.ts";
import { isDifferent } from "../../../review/against/output.ts";
import type { Difference, DifferenceOutput } from "../../../review/against/output.ts";
import { DifferenceTally } from "../../../review/against/tally.ts";
import { writeDifferenceText } from "../../../review/against/text.ts";
import type { ClaimsHead, ClaimsRow } from "../../../review/claims/model.ts";
import { headWith, rowWith, stream, written } from "../support/side.ts";

const BEFORE = [rowWith({ groups: ["A|x"], idTokenBytes: 1000 }), rowWith({ person: "=bo@xyz.example" })];
const AFTER: ClaimsRow[] = [
  rowWith({ groups: ["@team"], idTokenBytes: 1200 }),
  rowWith({ person: "=bo@xyz.example", outcome: "denied", reason: "Not\u001b you.", idTokenBytes: 0 }),
];

describe("the outputs of a difference", () => {
  it("say on a terminal what happened to whom, and at the end to how many", async () => {
    const text = await output(writeDifferenceText(16), BEFORE, AFTER);
    assert.match(text, /^What is different between main and the working tree\.\n/);
    assert.match(text, /\nportal\n {2}ada@xyz\.example {3}loses A\|x; gains @team; 1000 B, now 1200 B\n/);
    assert.match(text, / {2}=bo@xyz\.example {3}no longer signed in: Not\\u\{1b\} you\n/);
    assert.match(text, /\nportal: different for 2 people\n/);
    for (const line of ["1 no longer signed in", "1 lose a group", "@team: gained by 1", "A|x: lost by 1"]) {
      assert.ok(text.includes(`\n  ${line}\n`), line);
    }
  });

  it("count no more groups than can be read, those first that most people gain or lose", async () => {
    const groups = Array.from({ length: 25 }, (_, index) => `G${index + 10}`);
    const bo = { person: "bo@xyz.example" };
    const text = await output(
      writeDifferenceText(16),
      [rowWith({ groups }), rowWith({ ...bo, groups: ["G34"] })],
      [rowWith(), rowWith(bo)],
    );
    assert.match(text, /\n {2}G34: lost by 2\n {2}G10: lost by 1\n/);
    assert.match(text, /\n {2}G28: lost by 1\n {2}and 5 more groups\n$/);
  });

  it("say that nothing is different", async () => {
    for (const write of [writeDifferenceText(16), writeDifferenceMarkdown]) {
      assert.match(await output(write, BEFORE, BEFORE), /Nothing is different for anybody\.\n$/);
    }
  });

  it("name a claim that has another name, which every application reads", async () => {
    const text = await output(
      writeDifferenceText(16),
      [],
      [],
      headWith({ groupsClaim: "https://xyz.example/g" }),
    );
    assert.match(
      text,
      /\nclaim: https:\/\/xyz\.example\/g instead of https:\/\/xyz\.example\/claims\/groups\n$/,
    );
  });

  it("are one JSON document", async () => {
    const document = JSON.parse(await output(writeDifferenceJson, BEFORE, AFTER)) as Record<
      string,
      unknown[]
    >;
    assert.deepEqual(Object.keys(document), ["before", "after", "head", "changes", "applications"]);
    assert.deepEqual(
      [document["changes"]?.length, document["applications"]?.length, document["head"]],
      [2, 1, []],
    );
    assert.doesNotThrow(async () => JSON.parse(await output(writeDifferenceJson, [], [])) as unknown);
  });

  it("are a CSV file that a spreadsheet takes for texts", async () => {
    const [heading = "", ada = "", bo = ""] = (await output(writeDifferenceCsv, BEFORE, AFTER)).split("\r\n");
    assert.match(heading, /^application,person,.*,model$/);
    assert.match(
      ada,
      /^portal,ada@xyz\.example,.*lost; gained; grown,'@team,A\|x,signed-in,signed-in,,1000,1200,/,
    );
    assert.match(bo, /^portal,'=bo@xyz\.example,.*denied,,,signed-in,denied,Not\\u\{1b\} you\.,1000,43,/);
    assert.match(ada, /between: main and the working tree; stack: dev of the working tree/);
  });

  it("are Markdown in which names are code", async () => {
    const text = await output(writeDifferenceMarkdown, BEFORE, AFTER);
    assert.ok(
      text.includes("| `ada@xyz.example` | loses `A\\|x`; gains `@team`; 1000 B, now 1200 B |\n"),
      text,
    );
    assert.match(text, /\n- `portal`: different for 2 people\n {2}- /);
  });

  it("tell by a claim's name or its tokens alone that something is different", () => {
    const heads = (changes: Partial<ClaimsHead>) => ({ before: headWith(), after: headWith(changes) });
    assert.equal(isDifferent(heads({}), new DifferenceTally()), false);
    assert.equal(isDifferent(heads({ tokens: ["access"] }), new DifferenceTally()), true);
    assert.equal(isDifferent(heads({ groupsClaim: "https://x.example/" }), new DifferenceTally()), true);
    assert.equal(isDifferent(heads({ groupSources: ["directory-sync"] }), new DifferenceTally()), false);
  });
});

function output(
  form: DifferenceOutput,
  before: readonly ClaimsRow[],
  after: readonly ClaimsRow[],
  head: ClaimsHead = headWith(),
): Promise<string> {
  const changes = differencesOf(stream(before), stream(after));
  const difference: Difference = { before: headWith({ ref: "main" }), after: head, changes };
  return written((write) => form(difference, new DifferenceTally(), write));
}
