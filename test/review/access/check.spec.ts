import assert from "node:assert/strict";
import { MOST_KEPT } from "../../../review/access/report.ts";
import { ada, bo, checked, cy, violationsOf } from "./support.ts";

describe("keep", () => {
  const KEEP = "keep:\n  - { whoever: Admins, has: [admins, Staff], in: portal, directories: xyz.example }";

  it("holds where whoever has the directory group has all groups in the token", () => {
    assert.deepEqual(violationsOf(KEEP, [ada({ groups: ["Staff", "admins"] }), bo(), cy()]), []);
  });

  it("names who lacks a group, or does not sign in at all", () => {
    assert.deepEqual(violationsOf(KEEP), ['keep[0] 2 portal ada does not have "admins".']);
    const denied = ada({ outcome: "denied", reason: "No groups.", groups: [] });
    assert.deepEqual(violationsOf(KEEP, [denied]), [
      'keep[0] 2 portal ada does not have "admins", "Staff" (denied: No groups.).',
    ]);
  });

  it("is about people of any directory, and at any application, unless it says which", () => {
    const anywhere = "keep:\n  - { whoever: Admins, has: Admins }";
    const rows = [ada(), cy(), ada({ application: "wiki", groups: [] })];
    assert.deepEqual(violationsOf(anywhere, rows), [
      'keep[0] 2 portal cy does not have "Admins" (denied: No way.).',
      'keep[0] 2 wiki ada does not have "Admins".',
    ]);
    assert.deepEqual(
      violationsOf(`${anywhere.slice(0, -2)}, exceptPeople: [CY@partner.example], in: portal }`),
      [],
    );
  });

  it("is told of by what became of the directory group", () => {
    const [violation] = checked(KEEP).violations;
    assert.deepEqual(violation?.chain, [
      '"Admins" of the directory: The Action is not this project\'s, so its rules are not known.',
    ]);
  });
});

describe("never", () => {
  it("names who has a group that a pattern matches", () => {
    assert.deepEqual(violationsOf('never:\n  - { groups: ["*dmin*", x*], mayBeEmpty: true }'), [
      'never[0] 2 portal ada has "Admins".',
    ]);
  });

  it("is about those alone that it says", () => {
    const about = (fields: string) =>
      violationsOf(`never:\n  - { groups: "*", ${fields}, mayBeEmpty: true }`).map(
        (line) => line.split(" ")[3],
      );
    assert.deepEqual(about("departments: Sales"), ["bo"]);
    assert.deepEqual(about("people: [ADA@xyz.example]"), ["ada"]);
    assert.deepEqual(about("whoever: Admins"), ["ada"]);
    assert.deepEqual(about("exceptWhoever: Admins"), ["bo"]);
    assert.deepEqual(about("exceptPeople: bo@xyz.example"), ["ada"]);
    assert.deepEqual(about("directories: partner.example"), []);
    assert.deepEqual(about("in: wiki"), []);
  });

  it("names who signs in, where nobody of them may", () => {
    const rule = "never:\n  - { signIn: true, directories: partner.example, in: portal }";
    assert.deepEqual(violationsOf(rule), []);
    assert.deepEqual(violationsOf(rule, [cy({ outcome: "signed-in" })]), ["never[0] 2 portal cy signs in."]);
  });
});

describe("always", () => {
  const ALWAYS = "always:\n  - { people: ada@xyz.example, has: Admins, in: portal }";

  it("names who does not sign in, and who lacks a group", () => {
    assert.deepEqual(violationsOf(ALWAYS), []);
    assert.deepEqual(violationsOf(ALWAYS, [ada({ groups: [] })]), [
      'always[0] 2 portal ada does not have "Admins".',
    ]);
    const denied = ada({ outcome: "denied", reason: "No groups.", groups: [] });
    assert.deepEqual(violationsOf(ALWAYS, [denied]), [
      "always[0] 2 portal ada does not sign in (denied: No groups.).",
    ]);
  });
});

describe("atMost", () => {
  it("measures tokens, profiles and groups", () => {
    const rules = "atMost:\n  - tokenBytes: 1000\n  - profileBytes: 500\n  - groups: 2\n";
    assert.deepEqual(violationsOf(rules), []);
    const large = { accessTokenBytes: 1001, profileBytes: 501, groups: ["a", "b", "c"] };
    assert.deepEqual(violationsOf(rules, [ada(large)]), [
      "atMost[0] 2 portal ada has 1001 bytes of token, and 1000 are allowed.",
      "atMost[1] 3 portal ada has 501 bytes of profile, and 500 are allowed.",
      "atMost[2] 4 portal ada has 3 groups, and 2 are allowed.",
    ]);
  });

  it("counts people once each, by application and group, and names them", () => {
    const rule = 'atMost:\n  - { people: 1, group: "S*" }';
    const twice = [ada({ connection: "a" }), ada({ connection: "b" })];
    assert.deepEqual(violationsOf(rule, [...twice, bo({ application: "wiki" })]), []);
    const { violations } = checked(rule, [...twice, bo(), ada({ application: "wiki" })]);
    assert.deepEqual(violations, [
      {
        ...{ rule: "atMost[0]", line: 2, application: "portal", says: '2 people have "Staff", and 1 may.' },
        ...{ people: ["ada@xyz.example", "bo@xyz.example"], chain: [] },
      },
    ]);
  });
});

describe("a rule that is about nobody", () => {
  it("is a violation for each name that does not exist, with the nearest", () => {
    const text = `never:
  - groups: Admins
    in: [portl]
    people: ada@xyz.exmple
    departments: Slaes
    directories: xyz.exampl
    whoever: Admin
    exceptWhoever: Stff
    exceptPeople: nobody@elsewhere.example
`;
    assert.deepEqual(violationsOf(text), [
      'never[0] 2 in: there is no application "portl". Did you mean portal?',
      'never[0] 2 people: there is no person with the email "ada@xyz.exmple". Did you mean ada@xyz.example?',
      'never[0] 2 departments: there is no department "Slaes". Did you mean Sales?',
      'never[0] 2 directories: there is no directory "xyz.exampl". Did you mean xyz.example?',
      'never[0] 2 whoever: there is no group in the directory "Admin". Did you mean Admins?',
      'never[0] 2 exceptWhoever: there is no group in the directory "Stff". Did you mean Staff?',
      'never[0] 2 exceptPeople: there is no person with the email "nobody@elsewhere.example".',
    ]);
  });

  it("is a violation where names exist, and nobody has them all", () => {
    assert.deepEqual(violationsOf("never:\n  - { groups: Admins, departments: Sales, whoever: Admins }"), [
      "never[0] 2 The rule is about nobody.",
    ]);
    assert.deepEqual(violationsOf('keep:\n  - { whoever: [Staff, "Nobody\'s"], has: Staff }'), [
      'keep[0] 2 Nobody is in the directory group "Nobody\'s".',
    ]);
  });

  it("is a violation where a pattern matches nobody's group, in a token or in the directory", () => {
    const has = 'Nobody has a group that matches "Admni*".';
    assert.deepEqual(violationsOf('never:\n  - groups: ["Admni*", "Root*"]', [ada({ groups: ["Root"] })]), [
      'never[0] 2 portal ada has "Root".',
      `never[0] 2 ${has}`,
    ]);
    // It is in the directory, and the rule is there so that it stays out of tokens.
    assert.deepEqual(violationsOf("never:\n  - groups: Admins", [ada({ groups: [] })]), []);
    assert.deepEqual(violationsOf('atMost:\n  - { people: 5, group: "Admni*" }'), [`atMost[0] 2 ${has}`]);
  });

  it("is none where it says that it may be empty", () => {
    assert.deepEqual(
      violationsOf(`never:
  - { groups: "Admni*", in: portl, mayBeEmpty: true }
keep:
  - { whoever: Admni, has: x, mayBeEmpty: true }
always:
  - { people: nobody@xyz.example, mayBeEmpty: true }
`),
      [],
    );
  });
});

describe("a check of many people", () => {
  it("keeps so many offenders of a rule, counts the others, and explains no one else", () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ada({ person: `${index}@xyz.example` }));
    const text = "never:\n  - groups: Admins\natMost:\n  - { people: 10, group: Admins }\n  - groups: 2\n";
    const { violations, total, rules, notKept } = checked(text, rows);
    assert.equal(violations.filter(({ rule }) => rule === "never[0]").length, MOST_KEPT);
    assert.deepEqual(notKept, [{ rule: "never[0]", count: 1000 - MOST_KEPT }]);
    assert.equal(total, 1001);
    assert.equal(rules, 3);
    const counted = violations.find(({ rule }) => rule === "atMost[0]");
    assert.equal(counted?.says, '1000 people have "Admins", and 10 may.');
    assert.equal(counted?.people?.length, MOST_KEPT);
  });
});
