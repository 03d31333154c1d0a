import assert from "node:assert/strict";
import type { GroupPolicy } from "../../../action/settings.ts";
import { adminPortal, assertConfigError, configErrorLines, load } from "../../support/config-errors.ts";
import type { ConfigChanges } from "../../support/pulumi-mocks.ts";

/** A stack, its first directory and its first application, each with a policy or without. */
function layers(groupPolicy: GroupPolicy, application?: GroupPolicy, directory?: GroupPolicy): ConfigChanges {
  return {
    groupPolicy,
    applications: [{ ...adminPortal, ...(application && { groupPolicy: application }) }],
    ...(directory && {
      azureTenantDomain: undefined,
      azureClientId: undefined,
      azureDomainAliases: undefined,
      directories: [
        { name: "xyz", tenantDomain: "xyz.onmicrosoft.com", clientId: "an-id", groupPolicy: directory },
      ],
    }),
  };
}

const own = "applications[0].groupPolicy";

describe("names or ids", () => {
  const ids: GroupPolicy = { identifier: "id" };

  it("is the word of the first policy that selects", () => {
    assertConfigError(
      layers({ include: ["XYZ-*"] }, ids),
      /applications\[0\]\.groupPolicy\.identifier is "id", but groupPolicy selects groups by name already/,
      `pulumi config rm --path "${own}.identifier"`,
    );
    assertConfigError(
      layers({ identifier: "id", exclude: ["0*"] }, { identifier: "name" }),
      /is "name", but groupPolicy selects groups by id already/,
      `pulumi config rm --path "${own}.identifier"`,
    );
    assertConfigError(
      layers({}, ids, { include: ["XYZ-*"] }),
      /is "id", but directories\[0\]\.groupPolicy selects groups by name already/,
      `pulumi config rm --path "${own}.identifier"`,
    );
  });

  it("may be anybody's while nobody before selects, and said again when it is the same", () => {
    assert.deepEqual(configErrorLines(layers({ maxCount: 5 }, ids)), []);
    assert.deepEqual(configErrorLines(layers({ identifier: "name" }, ids)), []);
    assert.deepEqual(configErrorLines(layers({ identifier: "id", include: ["0*"] }, ids)), []);
    assert.deepEqual(configErrorLines(layers({ identifier: "id" }, ids, { include: ["0*"] })), []);
  });

  it("is not mended by letting through what was excluded", () => {
    assertConfigError(
      layers({ include: ["XYZ-*"] }, { identifier: "id", exclude: ["0001"] }),
      /identifier is "id"/,
      `pulumi config rm --path "${own}.exclude" && pulumi config set --path "${own}.exclude[0]" '*' && ` +
        `pulumi config rm --path "${own}.identifier"`,
    );
  });
});

describe("a prefix that is cut", () => {
  it("wants patterns that begin with it, and the offer selects no other group", () => {
    assertConfigError(
      layers({ include: ["Admins"], stripPrefix: "XYZ-" }),
      /groupPolicy is not safe: stripPrefix is "XYZ-" and the pattern "Admins" of include does not begin with it/,
      'pulumi config rm --path "groupPolicy.stripPrefix"',
    );
    assertConfigError(
      layers({ stripPrefix: "XYZ-" }),
      /groupPolicy is not safe: stripPrefix is "XYZ-" and no include keeps out/,
      `pulumi config set --path "groupPolicy.include[0]" 'XYZ-*'`,
    );
  });

  it("is looked at in every layer, and said once where it begins", () => {
    assertConfigError(
      layers({ include: ["ABC-*"] }, { stripPrefix: "XYZ-" }),
      /applications\[0\]\.groupPolicy is not safe/,
      `pulumi config set --path "${own}.include[0]" 'XYZ-*'`,
    );
    assert.equal(
      configErrorLines(layers({ stripPrefix: "XYZ-" }, { maxCount: 3 }, { maxCount: 4 })).length,
      2,
    );
    assert.deepEqual(configErrorLines(layers({ include: ["XYZ-*"] }, { stripPrefix: "XYZ-" })), []);
  });
});

describe("a new name for a group", () => {
  it("is not the name of another one that is selected by its name", () => {
    assertConfigError(
      layers({ include: ["XYZ-Ops", "XYZ-admins"], stripPrefix: "XYZ-", rename: { Ops: "admins" } }),
      /groupPolicy\.rename\["Ops"\] is "admins", but include lets a group of that name through too/,
      `pulumi config set --path 'groupPolicy.rename["Ops"]' admins-2`,
    );
  });

  it("may be that of a group that is renamed itself, or left out", () => {
    for (const policy of [
      { include: ["Ops", "admins"], rename: { Ops: "admins", admins: "Ops" } },
      { include: ["Ops", "admins"], exclude: ["admins"], rename: { Ops: "admins" } },
      { include: ["*"], rename: { EU: "admins", US: "admins" } },
    ]) {
      assert.deepEqual(load(layers(policy)).action.groupPolicy, policy);
    }
  });
});

describe("a policy that cannot be read", () => {
  for (const [value, mend] of [
    ["XYZ-*", `pulumi config rm --path "${own}" && pulumi config set --path "${own}.include[0]" 'XYZ-*'`],
    [3, `pulumi config rm --path "${own}" && pulumi config set --path "${own}.exclude[0]" '*'`],
    [
      { includ: ["XYZ-A", "XYZ-B"] },
      `pulumi config set --path "${own}.include[0]" XYZ-A && pulumi config set --path "${own}.include[1]" XYZ-B && ` +
        `pulumi config rm --path "${own}.includ"`,
    ],
    [
      { exclude: "XYZ-Guests" },
      `pulumi config rm --path "${own}.exclude" && pulumi config set --path "${own}.exclude[0]" XYZ-Guests`,
    ],
    [{ maxCount: 20_000 }, `pulumi config set --path "${own}.maxCount" 10000`],
    [{ maxCount: "many" }, `pulumi config set --path "${own}.maxCount" 100`],
  ] as const) {
    it(`is mended without letting a group through: ${JSON.stringify(value)}`, () => {
      const [, offered = ""] = configErrorLines({ applications: [{ ...adminPortal, groupPolicy: value }] });
      assert.equal(offered.trim(), mend);
    });
  }
});
