import assert from "node:assert/strict";
import fc from "fast-check";
import { effectivePolicy } from "../../action/effective-policy.ts";
import { capGroups, matches, selectGroups as select } from "../../action/policy.ts";
import type { GroupPolicy } from "../../action/settings.ts";

const selectGroups = (groups: readonly string[], policy: GroupPolicy): string[] =>
  select(groups, effectivePolicy([policy]));

const hostile = fc.constantFrom(
  "__proto__",
  "constructor",
  'quote " and \\ backslash',
  "new\nline",
  "nul\u0000",
  "line\u2028separator",
  "Wächter 👩‍🚒 𝒢roup",
  "lone \ud800 surrogate",
  "</script>",
  "${x}",
  "",
  " ",
);
const name = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.string({ maxLength: 6 }), hostile);
const names = fc.array(name, { maxLength: 300 });
const pattern = fc.oneof(
  name,
  fc.array(fc.oneof(fc.constant("*"), name), { maxLength: 5 }).map((parts) => parts.join("")),
);
const policy: fc.Arbitrary<GroupPolicy> = fc.record(
  {
    include: fc.array(pattern, { maxLength: 4 }),
    exclude: fc.array(pattern, { maxLength: 4 }),
    stripPrefix: fc.string({ maxLength: 3 }),
    rename: fc.dictionary(name, name, { maxKeys: 4 }),
  },
  { requiredKeys: [] },
);

/** The slow, plain meaning of a pattern. */
function meaning(pattern: string, name: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${source.join("[^]*")}$`).test(name);
}

describe("a pattern", () => {
  const cases: [pattern: string, name: string, result: boolean][] = [
    ["Finance", "Finance", true],
    ["Finance", "finance", false],
    ["Finance", "Finance EU", false],
    ["App-*", "App-Admins", true],
    ["App-*", "App-", true],
    ["App-*", "My App-Admins", false],
    ["*-Admins", "App-Admins", true],
    ["*Admin*", "App-Admins EU", true],
    ["*", "", true],
    ["**", "anything", true],
    ["ab*ba", "aba", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a*bc*c", "abc", false],
    ["A.B", "AxB", false],
  ];
  for (const [pattern, name, result] of cases) {
    it(`${JSON.stringify(pattern)} ${result ? "matches" : "does not match"} ${JSON.stringify(name)}`, () => {
      assert.equal(matches(pattern, name), result);
    });
  }

  it("means the same as the plain definition, for any text", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "\n", "."), maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(letters, pattern), fc.oneof(letters, name), (some, other) => {
        assert.equal(matches(some, other), meaning(some, other));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a group policy", () => {
  it("keeps all groups when it says nothing, sorted and once each", () => {
    assert.deepEqual(selectGroups(["b", "a", "Z", "b", "é", "😀", "\uff5e"], {}), [
      "Z",
      "a",
      "b",
      "é",
      "😀",
      "\uff5e",
    ]);
  });

  it("includes, excludes, strips and renames, in this order", () => {
    const groups = ["App-Admins", "App-Users", "App-Legacy", "Other", "Admins"];
    const policy = {
      include: ["App-*"],
      exclude: ["*-Legacy"],
      stripPrefix: "App-",
      rename: { Admins: "superuser", "App-Users": "never asked for" },
    };
    assert.deepEqual(selectGroups(groups, policy), ["Users", "superuser"]);
  });

  it("leaves out a group that is called as another is renamed, and that nobody renamed", () => {
    const rename = { "XYZ-IT": "admins", "All staff": "staff" };
    assert.deepEqual(selectGroups(["XYZ-IT", "admins", "staff", "clerks"], { rename }), ["admins", "clerks"]);
    assert.deepEqual(selectGroups(["admins"], { rename }), []);
    // Also when the name comes of the prefix's loss.
    assert.deepEqual(
      selectGroups(["XYZ-admins", "XYZ-IT"], { stripPrefix: "XYZ-", rename: { IT: "admins" } }),
      ["admins"],
    );
    assert.deepEqual(selectGroups(["XYZ-IT"], { rename: { "XYZ-IT": "XYZ-IT" } }), ["XYZ-IT"]);
  });

  it("knows the targets of renamings as data, whatever every object has by that name", () => {
    const rename = JSON.parse('{"__proto__":"constructor","IT":"__proto__"}') as Record<string, string>;
    assert.deepEqual(selectGroups(["IT", "constructor", "toString"], { rename }), ["__proto__", "toString"]);
    assert.deepEqual(selectGroups(["__proto__"], { rename }), ["constructor"]);
    assert.deepEqual(selectGroups(["constructor", "toString"], { rename: { IT: "admins" } }), [
      "constructor",
      "toString",
    ]);
  });

  it("makes one of two groups that end with the same name", () => {
    assert.deepEqual(selectGroups(["A-x", "x"], { stripPrefix: "A-" }), ["x"]);
  });

  it("leaves out a group without a name, before or after the policy", () => {
    assert.deepEqual(selectGroups(["", "A-", "b"], { stripPrefix: "A-", rename: { b: "" } }), []);
  });

  it("leaves out names that no token or assertion should carry", () => {
    assert.deepEqual(selectGroups(["a\u0000b", "a\nb", "a\ud800b", "a\uffff", "a\u0085", "fine 👩‍🚒"], {}), [
      "fine 👩‍🚒",
    ]);
  });

  it("leaves out a group whose own name nobody can read, also where the policy gives it another", () => {
    const renamed = { rename: { "Adm\u0000ins": "Admins", "": "Everybody" } };
    assert.deepEqual(selectGroups(["Adm\u0000ins", ""], renamed), []);
    assert.deepEqual(selectGroups(["XYZ\u0000-Admins"], { stripPrefix: "XYZ\u0000-" }), []);
  });

  it("does not take a property of every object for a renaming", () => {
    const groups = ["__proto__", "constructor", "toString"];
    assert.deepEqual(selectGroups(groups, { rename: {} }), groups);
  });

  it("never makes up a group", () => {
    fc.assert(
      fc.property(names, policy, (groups, some) => {
        const { stripPrefix = "", rename = {} } = some;
        const possible = new Set(Object.values(rename));
        for (const group of groups) {
          possible.add(group.startsWith(stripPrefix) ? group.slice(stripPrefix.length) : group);
        }
        for (const group of selectGroups(groups, some)) assert.ok(possible.has(group));
      }),
    );
  });

  it("gives the same for the same groups in any order, also when some come twice", () => {
    const shuffled = names.chain((groups) =>
      fc.tuple(fc.constant(groups), fc.shuffledSubarray(groups, { minLength: groups.length })),
    );
    fc.assert(
      fc.property(shuffled, policy, ([groups, other], some) => {
        assert.deepEqual(selectGroups([...other, ...groups], some), selectGroups(groups, some));
      }),
    );
  });

  it("changes nothing more when a selection is selected from again", () => {
    fc.assert(
      fc.property(names, fc.array(pattern), fc.array(pattern), (groups, include, exclude) => {
        const once = selectGroups(groups, { include, exclude });
        assert.deepEqual(selectGroups(once, { include, exclude }), once);
      }),
    );
  });

  it("copes with 5,000 groups and the worst patterns", () => {
    const groups = Array.from({ length: 5000 }, (_, index) => `${"a".repeat(200)}${index}`);
    const policy = { include: [`${"*a".repeat(30)}*b`, "*7"] };
    assert.equal(selectGroups(groups, policy).length, 500);
  });
});

describe("the caps of a claim", () => {
  it("keep the first groups up to the count", () => {
    assert.deepEqual(capGroups(["a", "b", "c"], 2, 100), { groups: ["a", "b"], capped: true });
    assert.deepEqual(capGroups(["a", "b"], 2, 100), { groups: ["a", "b"], capped: false });
  });

  it("count bytes of JSON in UTF-8, to the byte", () => {
    const groups = ['"', "é", "😀"];
    const bytes = Buffer.byteLength(JSON.stringify(groups));
    assert.deepEqual(capGroups(groups, 9, bytes), { groups, capped: false });
    assert.deepEqual(capGroups(groups, 9, bytes - 1), { groups: groups.slice(0, 2), capped: true });
  });

  it("keep nothing when a cap is no number", () => {
    // SAFETY: what a hand-edited client metadata could hold.
    const odd = "many" as unknown as number;
    assert.deepEqual(capGroups(["a"], odd, 100), { groups: [], capped: true });
    assert.deepEqual(capGroups(["a"], 1, odd), { groups: [], capped: true });
  });

  it("are never passed, and cut only the end of the list", () => {
    fc.assert(
      fc.property(names, fc.nat({ max: 50 }), fc.nat({ max: 500 }), (groups, count, bytes) => {
        const capped = capGroups(groups, count, bytes);
        assert.ok(capped.groups.length <= count);
        assert.ok(capped.groups.length === 0 || Buffer.byteLength(JSON.stringify(capped.groups)) <= bytes);
        assert.deepEqual(capped.groups, groups.slice(0, capped.groups.length));
        assert.equal(capped.capped, capped.groups.length < groups.length);
      }),
    );
  });
});
