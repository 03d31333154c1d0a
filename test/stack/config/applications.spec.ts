import assert from "node:assert/strict";
import { adminPortal, assertConfigError, load } from "../../support/config-errors.ts";

describe("the applications", () => {
  const withPortal = (changes: Record<string, unknown>) => ({
    applications: [{ ...adminPortal, ...changes }],
  });

  it("want at least one", () => {
    const mend = 'pulumi config set --path "applications[0].name" admin-portal';
    assertConfigError({ applications: [] }, /applications is empty/, mend);
  });

  it("want names that differ", () => {
    const mend = 'pulumi config set --path "applications[1].name" admin-portal-2';
    assertConfigError(
      { applications: [adminPortal, adminPortal] },
      /\[1\] has the same name as \[0\], "admin-portal"/,
      mend,
    );
  });

  it("want names that people can tell apart", () => {
    const applications = [
      { ...adminPortal, displayName: "Portal" },
      { ...adminPortal, name: "reports", displayName: "Portal" },
    ];
    const mend = `pulumi config set --path "applications[1].displayName" 'Portal 2'`;
    assertConfigError({ applications }, /\[1\] has the same displayName as \[0\], "Portal"/, mend);
  });

  it("want names that can be part of a resource's name", () => {
    const mend = 'pulumi config set --path "applications[1].name" reports';
    const applications = [adminPortal, { ...adminPortal, name: "Reports of XYZ" }];
    assertConfigError(
      { applications },
      /applications\[1\]\.name is "Reports of XYZ", not 1 to 64 lower-case/,
      mend,
    );
  });

  it("want a place to come back to", () => {
    const mend =
      'pulumi config set --path "applications[0].callbacks[0]" https://reports.xyz.example/oidc/callback/';
    assertConfigError(withPortal({ callbacks: [] }), /applications\[0\]\.callbacks is empty/, mend);
    assertConfigError(withPortal({ callbacks: undefined }), /applications\[0\]\.callbacks is missing/, mend);
    assertConfigError(
      withPortal({ callbacks: "https://a.example" }),
      /callbacks is "https:\/\/a.example", not a list/,
      'pulumi config rm --path "applications[0].callbacks" && ' +
        'pulumi config set --path "applications[0].callbacks[0]" https://a.example',
    );
  });

  it("want web origins without a path", () => {
    const mend = 'pulumi config set --path "applications[0].webOrigins[0]" https://admin.xyz.example';
    const webOrigins = ["https://admin.xyz.example/app"];
    assertConfigError(withPortal({ webOrigins }), /webOrigins\[0\] is .*which is more than an origin/, mend);
  });

  it("refuse a policy that does not fit into the client's metadata", () => {
    const include = Array.from({ length: 200 }, (_, index) => `XYZ-Application-Group-${index}`);
    const mend =
      'pulumi config rm --path "applications[0].groupPolicy.include" && ' +
      'pulumi config set --path "applications[0].groupPolicy.include[0]" XYZ-Application-Group-0';
    assertConfigError(
      withPortal({ groupPolicy: { include } }),
      /applications\[0\]\.groupPolicy .*characters/,
      mend,
    );
  });

  it("may have any order and any names", () => {
    const config = load({ applications: [{ ...adminPortal, name: "reports" }, adminPortal] });
    assert.deepEqual(
      config.applications.map(({ name }) => name),
      ["reports", "admin-portal"],
    );
  });

  it("want a former name to be nobody else's", () => {
    const renamed = { ...adminPortal, name: "back-office", formerNames: ["admin-portal"] };
    assertConfigError(
      { applications: [renamed, adminPortal] },
      /applications \[0\]\.formerNames\[0\] is "admin-portal", and so is \[1\]\.name/,
      'pulumi config rm --path "applications[0].formerNames[0]"',
    );
    const other = { ...adminPortal, name: "other", displayName: "Other", formerNames: ["admin-portal"] };
    assertConfigError(
      { applications: [renamed, other] },
      /\[1\]\.formerNames\[0\] is "admin-portal", and so is \[0\]\.formerNames\[0\]/,
      'pulumi config rm --path "applications[1].formerNames[0]"',
    );
  });

  it("want directories that there are", () => {
    assertConfigError(
      withPortal({ directories: ["azure-da"] }),
      /applications\[0\]\.directories\[0\] is "azure-da", which is not one of the directories azure-ad/,
      'pulumi config set --path "applications[0].directories[0]" azure-ad',
    );
    assertConfigError(
      withPortal({ directories: [] }),
      /applications\[0\]\.directories is empty/,
      'pulumi config set --path "applications[0].directories[0]" azure-ad',
    );
  });

  for (const [displayName, problem] of [
    ["Reports ", /which begins or ends with white space/],
    ["Rep\u200borts", /another invisible character/],
    ["Re\nports", /control character/],
    ["R".repeat(256), /Auth0 accepts at most 255 characters/],
    ["<b>", /refuses < and >/],
  ] as const) {
    it(`refuse ${JSON.stringify(displayName.slice(0, 20))} as a shown name`, () => {
      const mend = 'pulumi config set --path "applications[0].displayName" Reports';
      assertConfigError(withPortal({ displayName }), problem, mend);
    });
  }
});
