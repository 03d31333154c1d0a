import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeClientMetadata, encodeClientMetadata } from "../../action/client-metadata.ts";
import type { GroupPolicy } from "../../action/settings.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const policy = fc.record(
  {
    include: fc.array(text, { maxLength: 6 }),
    exclude: fc.array(text, { maxLength: 6 }),
    stripPrefix: text,
    rename: fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true }),
    identifier: fc.constantFrom("name" as const, "id" as const),
    maxCount: fc.nat(),
    maxBytes: fc.nat(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe("the client metadata of an application", () => {
  it("gives back any policy, in at most 10 values of at most 255 plain characters", () => {
    fc.assert(
      fc.property(policy, fc.option(fc.boolean(), { nil: undefined }), (groupPolicy, groupsRequired) => {
        const application = {
          ...(Object.keys(groupPolicy).length > 0 ? { groupPolicy } : {}),
          ...(groupsRequired === undefined ? {} : { groupsRequired }),
        };
        let metadata: Record<string, string>;
        try {
          metadata = encodeClientMetadata(application);
        } catch {
          fc.pre(false);
          return;
        }
        assert.ok(Object.keys(metadata).length <= 10);
        for (const value of Object.values(metadata)) {
          assert.match(value, /^[\x20-\x7e]{1,255}$/);
          assert.equal(value, value.trim());
        }
        assert.deepEqual(decodeClientMetadata(metadata), application);
      }),
    );
  });

  it("is empty for an application that says nothing", () => {
    assert.deepEqual(encodeClientMetadata({}), {});
    assert.deepEqual(encodeClientMetadata({ groupPolicy: {} }), {});
    assert.deepEqual(decodeClientMetadata({}), {});
    assert.deepEqual(decodeClientMetadata(undefined), {});
  });

  it("leaves other people's keys alone", () => {
    assert.deepEqual(
      decodeClientMetadata({ team: "payroll", group_policy_owner: "hr", groups_required: "false" }),
      {
        groupsRequired: false,
      },
    );
  });

  it("refuses a policy that does not fit, and says what to do", () => {
    const include = Array.from({ length: 200 }, (_, index) => `Department ${index}`);
    assert.throws(
      () => encodeClientMetadata({ groupPolicy: { include } }),
      /has \d+ characters as JSON, .* holds at most 2295; use patterns with \*/,
    );
  });

  for (const [what, value] of Object.entries({
    "broken JSON": '{"include":["A"',
    "a number": "7",
    null: "null",
    text: '"*"',
    "a list": '["Finance"]',
    "an empty list": "[]",
    "an empty text": "",
    "a field that is mistyped": '{"exclud":["Finance"]}',
    "a field in capitals": '{"Include":["Finance"]}',
    "a field that every object has": '{"constructor":{}}',
    "a prototype": '{"__proto__":{"include":[]}}',
    "an identifier in capitals": '{"identifier":"ID","exclude":["id-1"]}',
    "an identifier that is a list": '{"identifier":["id"],"exclude":["id-1"]}',
    "an identifier that is null": '{"identifier":null,"exclude":["id-1"]}',
  })) {
    it(`calls ${what} in place of a policy invalid`, () => {
      assert.deepEqual(decodeClientMetadata({ group_policy: value, groups_required: "true" }), {
        invalid: true,
        groupsRequired: true,
      });
    });
  }

  for (const [what, metadata] of Object.entries({
    "its first part": { group_policy_2: '{"include":["A"]}' },
    "a part in the middle": { group_policy: '{"include":["A"', group_policy_3: "]}" },
    "the part before a whole one": { group_policy: '{"include":["A"]}', group_policy_3: "]}" },
    "all parts, and has none too many": { group_policy: "{}", group_policy_1: "" },
  })) {
    it(`calls a policy that lacks ${what} invalid`, () => {
      assert.deepEqual(decodeClientMetadata(metadata), { invalid: true });
    });
  }

  it("takes an odd groups_required for true", () => {
    assert.deepEqual(decodeClientMetadata({ groups_required: "no" }), { groupsRequired: true });
  });

  it("never throws, whatever the metadata is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({ group_policy: fc.anything(), groups_required: fc.anything() }),
          fc.dictionary(fc.constantFrom("group_policy", "group_policy_2"), text),
        ),
        (value) => {
          decodeClientMetadata(value);
        },
      ),
    );
  });

  it("keeps a name that is a property of every object", () => {
    const groupPolicy: GroupPolicy = {
      rename: JSON.parse('{"__proto__":"root","constructor":"builder"}') as Record<string, string>,
    };
    const decoded = decodeClientMetadata(encodeClientMetadata({ groupPolicy })).groupPolicy;
    assert.deepEqual(Object.entries(decoded?.rename ?? {}), [
      ["__proto__", "root"],
      ["constructor", "builder"],
    ]);
  });
});
