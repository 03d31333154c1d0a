import assert from "node:assert/strict";
import fc from "fast-check";
import { effectivePolicy, prefixProblem } from "../../action/effective-policy.ts";
import { selectGroups } from "../../action/policy.ts";
import type { GroupPolicy } from "../../action/settings.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 3 });
const pattern = fc.oneof(
  word,
  word.map((text) => `${text}*`),
  word.map((text) => `*${text}`),
);
const policy: fc.Arbitrary<GroupPolicy> = fc.record(
  {
    include: fc.array(pattern, { maxLength: 3 }),
    exclude: fc.array(pattern, { maxLength: 2 }),
    identifier: fc.constantFrom("name", "id"),
    maxCount: fc.nat({ max: 300 }),
    maxBytes: fc.nat({ max: 9000 }),
  },
  { requiredKeys: [] },
);

describe("policies inside of one another", () => {
  it("let through what every one of them lets through, and no more than any of them", () => {
    fc.assert(
      fc.property(fc.array(word), fc.array(policy, { maxLength: 4 }), (groups, layers) => {
        const whole = effectivePolicy(layers);
        const together = new Set(selectGroups(groups, whole));
        for (const group of groups) {
          const byEach = layers.every((layer) => selectGroups([group], effectivePolicy([layer])).length > 0);
          assert.equal(together.has(group), byEach && group !== "");
        }
        for (const layer of layers) {
          assert.ok(whole.maxCount <= (layer.maxCount ?? Infinity));
          assert.ok(whole.maxBytes <= (layer.maxBytes ?? Infinity));
        }
      }),
    );
  });

  it("count the defaults only where none of them names a cap", () => {
    const caps = (...layers: GroupPolicy[]): number[] => {
      const { maxCount, maxBytes } = effectivePolicy(layers);
      return [maxCount, maxBytes];
    };
    assert.deepEqual(caps(), [100, 8192]);
    assert.deepEqual(caps({}, { maxCount: 500 }), [500, 8192]);
    assert.deepEqual(caps({ maxCount: 300, maxBytes: 90_000 }, {}, { maxCount: 500 }), [300, 90_000]);
    assert.deepEqual(caps({ maxCount: 300 }, { maxCount: 7 }), [7, 8192]);
  });

  it("leave the names to the innermost that says something of them", () => {
    const { stripPrefix, rename } = effectivePolicy([
      { stripPrefix: "A-", rename: { x: "y" } },
      { stripPrefix: "B-" },
      { rename: {} },
    ]);
    assert.deepEqual([stripPrefix, rename], ["B-", {}]);
    assert.equal(effectivePolicy([{ stripPrefix: "A-" }, { stripPrefix: "" }]).stripPrefix, "");
  });

  const identifiers: [what: string, layers: GroupPolicy[], identifier: string][] = [
    ["nothing says one", [{}, {}], "name"],
    ["no layer selects: the last that names one", [{ identifier: "name" }, {}, { identifier: "id" }], "id"],
    ["no layer selects and the last says nothing", [{ identifier: "id" }, {}], "id"],
    ["the stack selects by its own", [{ include: ["a"], identifier: "id" }, { identifier: "name" }], "id"],
    ["the stack selects and says none", [{ exclude: ["a"] }, { identifier: "id" }], "name"],
    [
      "the directory selects by an earlier one",
      [{ identifier: "id" }, { include: ["a"] }, { identifier: "name" }],
      "id",
    ],
    [
      "the directory selects by its own",
      [{ identifier: "name" }, { include: ["a"], identifier: "id" }, {}],
      "id",
    ],
    [
      "the application alone selects",
      [{ identifier: "name" }, {}, { include: ["a"], identifier: "id" }],
      "id",
    ],
    ["empty lists select nothing", [{ include: [], exclude: [] }, { identifier: "id" }], "id"],
  ];
  for (const [what, layers, identifier] of identifiers) {
    it(`speak of ${identifier === "id" ? "ids" : "names"} when ${what}`, () => {
      assert.equal(effectivePolicy(layers).identifier, identifier);
    });
  }
});

describe("a prefix that is cut", () => {
  const guarded: [what: string, layers: GroupPolicy[]][] = [
    ["nothing is cut", [{ include: ["Other"] }, { stripPrefix: "" }]],
    ["every pattern begins with it", [{ include: ["A-*", "A-x"], stripPrefix: "A-" }]],
    ["an outer layer's patterns do", [{ include: ["A-*"] }, {}, { stripPrefix: "A-" }]],
    ["an inner layer's patterns do", [{ stripPrefix: "A-" }, {}, { include: ["A-B-*"] }]],
    ["an inner layer cuts nothing instead", [{ include: ["A-*"], stripPrefix: "A-" }, { stripPrefix: "" }]],
  ];
  for (const [what, layers] of guarded) {
    it(`is no problem when ${what}`, () => assert.equal(prefixProblem(layers), undefined));
  }

  const open: [what: string, layers: GroupPolicy[], problem: RegExp][] = [
    ["nothing selects", [{ stripPrefix: "A-" }], /"A-" and no include keeps out groups/],
    ["only exclude selects", [{ stripPrefix: "A-", exclude: ["B"] }], /no include keeps out/],
    [
      "a pattern begins otherwise",
      [{ stripPrefix: "A-", include: ["A-*", "Other"] }],
      /pattern "Other" of include/,
    ],
    ["a pattern begins with a star", [{ stripPrefix: "A-", include: ["*A-x"] }], /pattern "\*A-x"/],
    ["a pattern's star is in the prefix", [{ stripPrefix: "A*-", include: ["A*-x"] }], /pattern "A\*-x"/],
    ["an inner layer cuts more", [{ include: ["A-*"] }, { stripPrefix: "A-B-" }], /"A-B-" and no include/],
    [
      "an outer layer keeps groups without it",
      [{ include: ["A-*", "B"] }, { stripPrefix: "A-" }],
      /no include/,
    ],
    [
      "its own patterns are others, though an outer layer's are not",
      [{ include: ["A-*"] }, { stripPrefix: "A-", include: ["*x"] }],
      /pattern "\*x"/,
    ],
  ];
  for (const [what, layers, problem] of open) {
    it(`is a problem when ${what}`, () => assert.match(prefixProblem(layers) ?? "", problem));
  }

  it("has no problem only where a group without it is never let through", () => {
    const cut = fc.record(
      { stripPrefix: word, include: fc.array(pattern, { maxLength: 2 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 3 }), fc.array(word), (layers, groups) => {
        fc.pre(prefixProblem(layers) === undefined);
        const policy = effectivePolicy(layers);
        const others = groups.filter((group) => !group.startsWith(policy.stripPrefix));
        assert.deepEqual(selectGroups(others, policy), []);
      }),
      { numRuns: 1000 },
    );
  });
});
