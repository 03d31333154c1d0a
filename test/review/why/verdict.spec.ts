import assert from "node:assert/strict";
import fc from "fast-check";
import { effectivePolicy } from "../../../action/effective-policy.ts";
import { capGroups, selectGroups } from "../../../action/policy.ts";
import type { GroupPolicy } from "../../../action/settings.ts";
import { verdictsOf } from "../../../review/why/verdict.ts";
import type { GroupVerdict } from "../../../review/why/verdict.ts";

const NAMES = ["the stack", "the directory", "the application"];

function verdictOf(
  group: string,
  layers: readonly GroupPolicy[],
  others: readonly string[] = [],
): GroupVerdict {
  const [verdict] = verdictsOf([group, ...others], effectivePolicy(layers), NAMES);
  assert.ok(verdict);
  return verdict;
}

const name = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 4 }),
  fc.constantFrom("a\u0000b", "__proto__", "constructor", "é"),
);
const pattern = fc.oneof(
  name,
  name.map((text) => `${text}*`),
  name.map((text) => `*${text}`),
);
const policy: fc.Arbitrary<GroupPolicy> = fc.record(
  {
    include: fc.array(pattern, { maxLength: 3 }),
    exclude: fc.array(pattern, { maxLength: 2 }),
    stripPrefix: fc.constantFrom("", "a", "a-", "b"),
    rename: fc.dictionary(name, name, { maxKeys: 3 }),
    maxCount: fc.nat({ max: 6 }),
    maxBytes: fc.integer({ min: 2, max: 40 }),
  },
  { requiredKeys: [] },
);
const policies = fc.array(policy, { maxLength: 3 });

describe("why a group is in the token", () => {
  it("says in of exactly those that the Action puts there, whatever the policies", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), policies, (groups, layers) => {
        const whole = effectivePolicy(layers);
        const inToken = capGroups(selectGroups(groups, whole), whole.maxCount, whole.maxBytes).groups;
        const said = verdictsOf(groups, whole, NAMES).filter(({ verdict }) => verdict === "in");
        assert.deepEqual([...new Set(said.map((each) => each.name))].sort(), inToken);
      }),
      { numRuns: 1000 },
    );
  });

  it("blames a policy that keeps the group out by itself, and none before it", () => {
    fc.assert(
      fc.property(name, policies, (group, layers) => {
        const { verdict, steps } = verdictOf(group, layers);
        if (verdict !== "kept-out") return;
        const [blamed] = layers.flatMap((_layer, index) => {
          return steps.at(-1)?.includes(NAMES[index] ?? "?") === true ? [index] : [];
        });
        assert.ok(blamed !== undefined);
        const alone = layers.map(({ include = [], exclude = [] }) =>
          selectGroups([group], effectivePolicy([{ include, exclude }])),
        );
        assert.deepEqual(alone[blamed], []);
        assert.ok(alone.slice(0, blamed).every((selected) => selected.length === 1));
      }),
      { numRuns: 1000 },
    );
  });

  for (const [what, group, layers, expected] of [
    ["no pattern", "A", [{}], { verdict: "in", name: "A", steps: ["No policy keeps it out."] }],
    [
      "the patterns that let it through, of each policy",
      "XYZ-A",
      [{ include: ["B", "XYZ-*"] }, {}, { include: ["*A"] }],
      {
        verdict: "in",
        name: "XYZ-A",
        steps: [
          '"XYZ-*" of include in the stack lets it through.',
          '"*A" of include in the application lets it through.',
        ],
      },
    ],
    [
      "an include that does not have it, after one that does",
      "XYZ-A",
      [{ include: ["XYZ-*"] }, { include: ["B", "C"] }],
      {
        verdict: "kept-out",
        steps: [
          '"XYZ-*" of include in the stack lets it through.',
          'No pattern of include in the directory matches it: "B", "C".',
        ],
      },
    ],
    [
      "the exclude that has it",
      "XYZ-A",
      [{ include: ["XYZ-*"], exclude: ["B", "*-A"] }],
      { verdict: "kept-out", steps: ['"*-A" of exclude in the stack keeps it out.'] },
    ],
    [
      "whose stripPrefix and rename name it",
      "XYZ-A",
      [{ include: ["XYZ-*"], stripPrefix: "X" }, { stripPrefix: "XYZ-" }, { rename: { A: "admins" } }],
      {
        verdict: "in",
        name: "admins",
        steps: [
          '"XYZ-*" of include in the stack lets it through.',
          'stripPrefix of the directory takes "XYZ-" from its name.',
          'rename of the application makes "A" "admins".',
        ],
      },
    ],
    [
      "a name that another group is given",
      "admins",
      [{ rename: { IT: "admins", Ops: "admins" } }],
      {
        verdict: "taken",
        steps: ['Its name would be "admins", which "IT" and "Ops" are renamed to.'],
      },
    ],
    [
      "a name of its own that no token may carry",
      "a\nb",
      [{ rename: { "a\nb": "c" } }],
      { verdict: "unreadable", steps: ["Its name is empty or has characters that no token may carry."] },
    ],
    [
      "a prefix that is all of its name",
      "XYZ-",
      [{ include: ["XYZ-*"] }, { stripPrefix: "XYZ-" }],
      {
        verdict: "unreadable",
        steps: [
          '"XYZ-*" of include in the stack lets it through.',
          "stripPrefix of the directory leaves no name that a token may carry.",
        ],
      },
    ],
  ] as const) {
    it(`says ${what}`, () => {
      assert.deepEqual(verdictOf(group, layers), expected);
    });
  }

  it("says which cap cut it, and whose", () => {
    const cut = (...layers: GroupPolicy[]) => verdictOf("c", layers, ["a", "b"]).steps.at(-1);
    assert.match(cut({}, { maxCount: 2 }) ?? "", /has 2 groups at most \(maxCount: the directory\)/);
    assert.match(cut({ maxBytes: 10 }) ?? "", /has 10 bytes of groups at most \(maxBytes: the stack\)/);
    assert.equal(verdictOf("c", [{ maxCount: 2 }], ["a", "b"]).verdict, "cut");
  });
});
