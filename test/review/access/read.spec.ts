import assert from "node:assert/strict";
import { AccessFileError, readAccess } from "../../../review/access/read.ts";

/** The faults of a file, without its name. */
function faultsOf(text: string): string[] {
  try {
    readAccess(text, "access.yaml");
  } catch (error) {
    assert.ok(error instanceof AccessFileError);
    return error.faults.map((fault) => fault.replace(/^access\.yaml:/, ""));
  }
  return [];
}

describe("reading access.yaml", () => {
  it("gives each rule with its line, and a single name as a list", () => {
    const { file, rules } = readAccess(
      [
        "# A comment.",
        "atMost:",
        "  - tokenBytes: 4096",
        "keep:",
        "  - name: administrators",
        "    whoever: A",
        "    has: [B, C]",
        "    in: portal",
        "    mayBeEmpty: true",
        "always:",
        "  - &who { people: a@xyz.example }",
        "  - *who",
        "",
      ].join("\n"),
      "access.yaml",
    );
    assert.equal(file, "access.yaml");
    const says = {
      name: "administrators",
      whoever: ["A"],
      has: ["B", "C"],
      in: ["portal"],
      mayBeEmpty: true,
    };
    assert.deepEqual(rules, [
      { kind: "atMost", rule: "atMost[0]", line: 3, says: { tokenBytes: 4096 } },
      { kind: "keep", rule: "keep[0]", line: 5, says },
      { kind: "always", rule: "always[0]", line: 11, says: { people: ["a@xyz.example"] } },
      { kind: "always", rule: "always[1]", line: 11, says: { people: ["a@xyz.example"] } },
    ]);
  });

  it("tells every fault at once, each with its line", () => {
    const text = `keep:
  - whoever: A
    hsa: B
  - whoever: 5
    has: [A, A, ""]
nevr: []
never:
  - groups: "*"
    signIn: true
  - signIn: false
  - x
atMost:
  - people: -1
  - group: A
    groups: 3.5
    mayBeEmpty: yes
always:
`;
    assert.deepEqual(faultsOf(text), [
      "2: keep[0] needs has.",
      '3: "hsa" is not a field of keep. Did you mean has?',
      "4: keep[1].whoever has 5. Expected a name or a list of names, in quotes where one is a number or has special characters.",
      '5: keep[1].has has "A" twice.',
      '5: keep[1].has has "". Expected a name or a list of names, in quotes where one is a number or has special characters.',
      '6: "nevr" is not a kind of rule. Did you mean never?',
      "8: never[0] needs exactly one of groups, signIn, and has groups and signIn.",
      "10: never[1] needs exactly one of groups, signIn, and has none.",
      '11: never[2] has no fields, such as "groups: ...".',
      "13: atMost[0].people is -1. Expected a whole number.",
      "13: atMost[0] has people and needs group with it.",
      "14: atMost[1] has group and needs people with it.",
      "15: atMost[1].groups is 3.5. Expected a whole number.",
      '16: atMost[1].mayBeEmpty is "yes". Expected true or false.',
      '17: always has no list of rules. Write "- " before each, or take always out.',
    ]);
  });

  it("tells every fault of YAML at once", () => {
    assert.deepEqual(
      faultsOf("keep: []\nkeep: [\n").map((fault) => fault.split(":").slice(0, 2).join(":")),
      ["2: is not YAML", "3: is not YAML"],
    );
  });

  for (const text of ["", "# nothing\n", "{}", "[]", "keep"]) {
    it(`refuses a file without rules: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(faultsOf(text), [
        "1: There are no rules. Begin with one of keep, never, always, atMost.",
      ]);
    });
  }
});
