import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../../stack/config.ts";
import { adminPortal, assertConfigError, configErrorLines, load } from "../../support/config-errors.ts";
import { type ConfigChanges, setMockConfig, valueOf } from "../../support/pulumi-mocks.ts";

/** Takes the short form out of the sample. */
const short = { azureTenantDomain: undefined, azureClientId: undefined, azureDomainAliases: undefined };
const xyz = {
  name: "xyz",
  tenantDomain: "xyz.onmicrosoft.com",
  clientId: "6fff6728-0000-4000-8000-000000000000",
};
const abc = { ...xyz, name: "abc", tenantDomain: "abc.onmicrosoft.com", groupPolicy: { include: ["ABC-*"] } };
const secret = { "azureClientSecret-abc": "the-secret-of-abc" };
const listed = (...directories: unknown[]): ConfigChanges => ({ ...short, directories });

describe("the short form of a directory", () => {
  for (const [key, example] of [
    ["azureTenantDomain", "xyz.onmicrosoft.com"],
    ["azureClientId", "00000000-0000-4000-8000-000000000000"],
  ] as const) {
    it(`is not complete without ${key}, and empty is as good as absent`, () => {
      for (const nothing of [undefined, ""]) {
        assertConfigError(
          { [key]: nothing },
          new RegExp(`${key} is missing, and so is the list of directories`),
          `pulumi config set ${key} ${example}`,
        );
      }
    });
  }

  it("does not go beside the list, whichever of its keys is set", () => {
    for (const changes of [
      { azureTenantDomain: "xyz.onmicrosoft.com" },
      { azureClientId: "a" },
      { azureDomainAliases: ["xyz.example"] },
      { azureNestedGroups: true },
      { connectionName: "azure-ad" },
    ]) {
      const [key = ""] = Object.keys(changes);
      assertConfigError(
        { ...listed(xyz), ...changes },
        new RegExp(`${key} is set, but the list of directories replaces it`),
        `pulumi config rm ${key}`,
      );
    }
  });

  it("may have what the engine fills in beside the list", () => {
    const filledIn = {
      azureTenantDomain: "",
      azureClientId: "",
      azureDomainAliases: [],
      azureNestedGroups: false,
    };
    assert.equal(load({ ...listed(xyz), ...filledIn, connectionName: "" }).directories[0]?.name, "xyz");
  });
});

describe("the list of directories", () => {
  it("reads everything that an entry can say", async () => {
    const whole = {
      ...abc,
      connectionName: "abc-entra",
      formerNames: ["abc-old"],
      domainAliases: ["abc.example"],
      nestedGroups: true,
      maxGroups: 300,
    };
    const { directories } = load({ ...listed(xyz, whole), ...secret });
    const [first, second] = directories.map((directory) => ({ ...directory, clientSecret: undefined }));
    assert.deepEqual(first, {
      ...xyz,
      connectionName: "xyz",
      formerNames: [],
      domainAliases: [],
      nestedGroups: false,
      clientSecret: undefined,
    });
    assert.deepEqual(second, { ...whole, clientSecret: undefined });
    const secrets = directories.map(({ clientSecret }) => clientSecret);
    assert.deepEqual(await Promise.all(secrets.map((output) => valueOf(output))), [
      "entra-secret-for-tests",
      "the-secret-of-abc",
    ]);
    for (const output of secrets) assert.equal(await pulumi.isSecret(output), true);
  });

  for (const value of [undefined, " "]) {
    it(`wants a secret for each further entry, and ${JSON.stringify(value)} is none`, () => {
      assertConfigError(
        { ...listed(xyz, abc), "azureClientSecret-abc": value },
        /azureClientSecret-abc is (missing|blank)/,
        "pulumi config set --secret azureClientSecret-abc",
      );
    });
  }

  it("wants that secret encrypted, and does not repeat one that is not", () => {
    setMockConfig({ ...listed(xyz, abc), ...secret }, "workforce-sso", () => [
      "workforce-sso:azureClientSecret",
    ]);
    assert.throws(loadConfig, ({ message }: Error) => {
      assert.match(message, /azureClientSecret-abc is not encrypted/);
      assert.match(message, /pulumi config set --secret azureClientSecret-abc$/);
      assert.doesNotMatch(message, /the-secret-of-abc/);
      return true;
    });
  });

  it("knows no secret of a directory that is not in it", () => {
    assertConfigError(
      { ...listed(xyz), "azureClientSecret-abc": "gone" },
      /azureClientSecret-abc is not known/,
      "pulumi config rm azureClientSecret-abc",
    );
    // The first one's has no name in its key.
    assertConfigError(
      { ...listed(xyz), "azureClientSecret-xyz": "twice" },
      /azureClientSecret-xyz is not known/,
      "pulumi config rm azureClientSecret-xyz",
    );
  });

  it("wants names that differ", () => {
    assertConfigError(
      listed(xyz, { ...abc, name: "xyz" }),
      /directories \[1\] has the same name as \[0\], "xyz"/,
      'pulumi config set --path "directories[1].name" xyz-2',
    );
  });

  it("wants connections that differ, in what they are called and in what they were called", () => {
    const clash = (changes: object, key: string, problem: RegExp) =>
      assertConfigError(
        { ...listed(xyz, { ...abc, ...changes }), ...secret },
        problem,
        `pulumi config set --path "directories[1].${key}" xyz-2`,
      );
    clash(
      { connectionName: "xyz" },
      "connectionName",
      /connectionName is "xyz", and so is directories\[0\]\.connectionName/,
    );
    clash(
      { formerNames: ["xyz"] },
      "formerNames[0]",
      /formerNames\[0\] is "xyz", and so is directories\[0\]\.connectionName/,
    );
  });

  it("refuses what Auth0 would refuse of a connection", () => {
    for (const connectionName of ["a b", "a--b", "-a", "a_b", "a".repeat(129)]) {
      const [line = ""] = configErrorLines(listed({ ...xyz, connectionName }));
      assert.match(line, /connectionName is .* not 1 to 128 letters, digits and single inner dashes/);
    }
  });
});

describe("groups of further directories", () => {
  const guest = { ...abc, groupPolicy: undefined };

  it("count where that directory says which of them do, under all names of its connection", () => {
    const { action } = load({ ...listed(xyz, { ...abc, formerNames: ["abc-old"] }), ...secret });
    assert.deepEqual(action.connections, ["xyz", "abc", "abc-old"]);
    assert.deepEqual(action.directoryPolicies, { abc: abc.groupPolicy, "abc-old": abc.groupPolicy });
  });

  it("count for nobody without a policy that includes", () => {
    for (const groupPolicy of [undefined, {}, { include: [] }, { exclude: ["XYZ-*"] }]) {
      const { action } = load({ ...listed(xyz, { ...abc, groupPolicy }), ...secret });
      assert.deepEqual(action.connections, ["xyz"]);
    }
  });

  it("cannot be let in by the name of the connection, or by the strategy", () => {
    const changes = { ...listed(xyz, { ...guest, formerNames: ["abc-old"] }), ...secret };
    for (const name of ["abc", "abc-old"]) {
      assertConfigError(
        { ...changes, enrichedConnections: ["xyz", name] },
        /enrichedConnections\[1\] is ".*", but groups of the directory "abc" reach a token only if it has a groupPolicy.include/,
        'pulumi config rm --path "enrichedConnections[1]"',
      );
    }
    assertConfigError(
      { ...changes, enrichedStrategies: ["waad"] },
      /enrichedStrategies\[0\] is "waad", but groups of the directory "abc"/,
      'pulumi config rm --path "enrichedStrategies[0]"',
    );
    assert.deepEqual(load({ ...changes, enrichedStrategies: ["samlp"] }).action.strategies, ["samlp"]);
  });
});

describe("a connection that is renamed", () => {
  it("is enriched under both names, also where the connections are named one by one", () => {
    const renamed = listed({ ...xyz, connectionName: "entra", formerNames: ["azure-ad"] });
    assert.deepEqual(load(renamed).action.connections, ["entra", "azure-ad"]);
    assert.deepEqual(load({ ...renamed, enrichedConnections: ["entra", "okta"] }).action.connections, [
      "entra",
      "okta",
      "azure-ad",
    ]);
    assert.deepEqual(load({ ...renamed, enrichedConnections: ["okta"] }).action.connections, ["okta"]);
  });
});

describe("an application's directories", () => {
  it("are the first alone unless it names others", () => {
    const both = { ...adminPortal, name: "reports", displayName: "Reports", directories: ["abc", "xyz"] };
    const { applications } = load({ ...listed(xyz, abc), ...secret, applications: [adminPortal, both] });
    assert.deepEqual(
      applications.map(({ directories }) => directories),
      [["xyz"], ["abc", "xyz"]],
    );
  });
});
