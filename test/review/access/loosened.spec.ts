import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { loosenedRules } from "../../../review/access/loosened.ts";
import { readAccess } from "../../../review/access/read.ts";
import { ada, bo, checked, cy } from "./support.ts";

/** What the second file demands less than the first, a line for each rule. */
function loosened(before: string, after: string): string[] {
  const rules = loosenedRules(readAccess(before, "access.yaml"), readAccess(after, "access.yaml"));
  return rules.map(({ rule, line, now, says }) => [rule, line, now ?? "-", says].join(" "));
}

const NEVER = "never:\n  - { groups: [A, B], in: [portal, wiki], departments: [Sales, IT] }";

describe("loosened rules", () => {
  it("are none where the file says the same, in another order, with other words, or more", () => {
    assert.deepEqual(loosened(NEVER, NEVER), []);
    const stricter = [
      "always:\n  - people: ada@xyz.example",
      "never:\n  - { groups: C }\n  - { name: the same, departments: [IT, Sales, HR], groups: [B, C, A] }",
      "keep:\n  - { whoever: A, has: B }",
    ].join("\n");
    assert.deepEqual(loosened(NEVER, stricter), []);
  });

  it("are none where several rules demand together what one did", () => {
    const parts = `never:
  - { groups: A, in: [portal, wiki], departments: [Sales, IT] }
  - { groups: B, departments: IT }
  - { groups: B, in: wiki, departments: Sales }
  - { groups: "B", in: portal, departments: Sales }
`;
    assert.deepEqual(loosened(NEVER, parts), []);
    assert.deepEqual(loosened(NEVER, parts.split("\n").slice(0, -2).join("\n")), [
      'never[0] 2 2 groups has no "B" any more.',
    ]);
  });

  for (const [what, before, after, expected] of [
    ["a rule is gone", NEVER, "never:\n  - groups: C", "never[0] 2 - It is not there any more."],
    ["a kind is gone", NEVER, "keep:\n  - { whoever: A, has: A }", "never[0] 2 - It is not there any more."],
    [
      "it may be empty now",
      NEVER,
      "never:\n  - { groups: [A, B], in: [portal, wiki], departments: [Sales, IT], mayBeEmpty: true }",
      "never[0] 2 2 mayBeEmpty is true now.",
    ],
    [
      "it is about fewer people and places",
      NEVER,
      "never:\n  - { groups: [A, B], in: portal, departments: IT }",
      'never[0] 2 2 departments has no "Sales" any more; in has no "wiki" any more.',
    ],
    [
      "it was about everybody",
      "never:\n  - groups: A",
      "never:\n  - { groups: A, people: ada@xyz.example }",
      'never[0] 2 2 people is "ada@xyz.example" alone, and was all.',
    ],
    [
      "somebody is excepted",
      "never:\n  - { groups: A, exceptWhoever: B }",
      "\n\nnever:\n  - { groups: A, exceptWhoever: [B, C], exceptPeople: ada@xyz.example }",
      'never[0] 2 4 exceptPeople has "ada@xyz.example" now; exceptWhoever has "C" now.',
    ],
    [
      "less is demanded",
      "keep:\n  - { name: x, whoever: A, has: [B, C] }",
      "keep:\n  - { whoever: A, has: B }",
      'keep[0] 2 2 has has no "C" any more.',
    ],
    [
      "an account need not sign in",
      "always:\n  - people: [a@xyz.example, b@xyz.example]",
      "always:\n  - people: a@xyz.example",
      'always[0] 2 2 people has no "b@xyz.example" any more.',
    ],
    [
      "a number is higher",
      "atMost:\n  - { people: 5, group: A }",
      "atMost:\n  - { people: 6, group: A }",
      "atMost[0] 2 2 people is 6 and was 5.",
    ],
    [
      "another number is limited",
      "atMost:\n  - tokenBytes: 4000",
      "atMost:\n  - groups: 1",
      "atMost[0] 2 - It is not there any more.",
    ],
    [
      "another group is counted",
      "atMost:\n  - { people: 5, group: A }",
      "atMost:\n  - { people: 5, group: B }",
      'atMost[0] 2 2 group is "B" and was "A".',
    ],
    [
      "people may sign in who might not",
      "never:\n  - { signIn: true, directories: a.example }",
      "never:\n  - { groups: x, directories: a.example }",
      "never[0] 2 - It is not there any more.",
    ],
    [
      "the rule of the same name demands less, whatever it is about",
      "never:\n  - { name: x, groups: A }",
      "never:\n  - { name: x, groups: B }",
      'never[0] 2 2 groups has no "A" any more.',
    ],
  ] as const) {
    it(`are told where ${what}`, () => assert.deepEqual(loosened(before, after), [expected]));
  }

  it("are found in a rule of very many names, which is not taken apart", () => {
    const many = (what: string) => Array.from({ length: 100 }, (_, index) => `${what}${index}`);
    const rule = { groups: many("g"), people: many("p"), in: many("a"), departments: many("d") };
    const before = stringify({ never: [rule] });
    assert.deepEqual(loosened(before, before), []);
    const after = stringify({ never: [{ ...rule, people: rule.people.slice(1) }] });
    assert.deepEqual(loosened(before, after), ['never[0] 2 2 people has no "p0" any more.']);
  });

  it("are none for a lower number", () => {
    assert.deepEqual(loosened("atMost:\n  - tokenBytes: 5", "atMost:\n  - tokenBytes: 4"), []);
  });

  it("are there wherever the older file has a violation that the newer one has not", () => {
    const some = (...names: string[]) => fc.subarray(names, { minLength: 1 });
    const rule = fc.record(
      {
        groups: some("Admins", "Staff", "*min*"),
        in: some("portal", "wiki"),
        people: some("ada@xyz.example", "bo@xyz.example"),
        departments: some("IT", "Sales"),
        whoever: some("Admins", "Staff"),
        exceptWhoever: some("Admins", "Staff"),
        exceptPeople: some("ada@xyz.example", "cy@partner.example"),
      },
      { requiredKeys: ["groups"] },
    );
    const files = fc
      .array(rule, { minLength: 1, maxLength: 3 })
      .map((rules) => stringify({ never: rules.map((each) => ({ ...each, mayBeEmpty: true })) }));
    const rows = [ada(), bo(), cy(), ada({ application: "wiki" }), bo({ application: "wiki" })];
    const offenders = (text: string) =>
      checked(text, rows).violations.map(({ application, person }) => `${application} ${person}`);
    fc.assert(
      fc.property(files, files, (before, after) => {
        const now = new Set(offenders(after));
        const forgiven = offenders(before).filter((offender) => !now.has(offender));
        if (forgiven.length > 0) assert.notDeepEqual(loosened(before, after), []);
      }),
      { numRuns: 500 },
    );
  });
});
