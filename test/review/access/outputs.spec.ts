import assert from "node:assert/strict";
import { accessJson, accessMarkdown, accessText } from "../../../review/access/output.ts";
import type { AccessReport, AccessResult } from "../../../review/access/report.ts";
import { headWith } from "../support/side.ts";

const HOLDS: AccessResult = { file: "access.yaml", rules: 1, violations: [], total: 0, notKept: [] };
const REPORT: AccessReport = {
  file: "access.yaml",
  rules: 3,
  total: 9,
  notKept: [{ rule: "never[0]", count: 7 }],
  violations: [
    {
      ...{
        rule: "never[0]",
        name: "only @admins",
        line: 4,
        application: "portal",
        person: "ada@xyz.example",
      },
      ...{
        connection: "azure-ad",
        says: 'has "A|B".',
        chain: ["The source is event.", '"A|B" is let through.'],
      },
    },
    {
      ...{
        rule: "atMost[0]",
        line: 9,
        application: "wiki",
        says: '2 people have "A", and 1 may.',
        chain: [],
      },
      people: ["ada@xyz.example", "bo@xyz.example"],
    },
  ],
};
const AGAINST: NonNullable<AccessReport["against"]> = {
  ref: "main",
  result: HOLDS,
  loosened: [{ rule: "never[1]", name: "old", line: 7, now: 8, says: "mayBeEmpty is true now." }],
};

describe("the outputs of a check", () => {
  it("name for a terminal the line, the rule, the person, what is wrong and what led to it", () => {
    const text = accessText(headWith(), REPORT);
    assert.match(text, /^A model of sign-ins:\n/);
    assert.ok(
      text.endsWith(`
access.yaml:4 never[0] (only @admins): portal by azure-ad: ada@xyz.example has "A|B".
    The source is event.
    "A|B" is let through.
access.yaml:9 atMost[0]: wiki: 2 people have "A", and 1 may.
    They are ada@xyz.example, bo@xyz.example.
never[0]: and 7 more.
access.yaml: 3 rules, 9 violations.
`),
      text,
    );
  });

  it("say that all hold, and what the ref's file says", () => {
    const text = accessText(headWith(), { ...HOLDS, against: AGAINST });
    assert.ok(
      text.endsWith(`
access.yaml: 1 rule, and all hold.

By the rules of main:
access.yaml: 1 rule, and all hold.

Demanded by main, and not any more:
  never[1] (old) of line 7, now line 8: mayBeEmpty is true now.
`),
      text,
    );
    assert.match(
      accessText(headWith(), { ...HOLDS, against: { ...AGAINST, loosened: [] } }),
      /\nNo rule of main was loosened\.\n$/,
    );
    const without = { ref: "main", says: "There is no access.yaml.", loosened: [] };
    assert.match(
      accessText(headWith(), { ...HOLDS, against: without }),
      /\nmain: There is no access\.yaml\.\n$/,
    );
  });

  it("are Markdown in which a name is a name", () => {
    const text = accessMarkdown(headWith(), { ...REPORT, against: AGAINST });
    assert.match(
      text,
      /\n- `access\.yaml:4 never\[0\] \(only @admins\): portal by azure-ad: ada@xyz\.example has "A\|B"\.`\n {2}- `The source/,
    );
    assert.match(
      text,
      /\nDemanded by `main`, and not any more:\n\n- `never\[1\] \(old\) of line 7, now line 8: /,
    );
  });

  it("are one JSON document", () => {
    const report = { ...REPORT, against: AGAINST };
    assert.deepEqual(JSON.parse(accessJson(headWith(), report)), { head: headWith(), ...report });
  });
});
