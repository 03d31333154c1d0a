import assert from "node:assert/strict";
import { reportOf } from "../../../stack/preflight/report.ts";

const WHERE = { stack: "prod", project: "workforce-sso" };
const LAST =
  "If you mean all of it: pulumi config set preflight false, then pulumi up, then pulumi config rm preflight.";
const application = { type: "workforce-sso:index:Application", name: "portal" };

describe("reportOf", () => {
  it("says what was found on which tenant, and how to go on all the same", () => {
    assert.equal(
      reportOf([{ text: "something is hit" }], "xyz.auth0.com", WHERE),
      ["The preflight found one thing on xyz.auth0.com:", "  something is hit", LAST].join("\n"),
    );
  });

  it("offers lines for the stack's file, with its project in front of keys alone", () => {
    const findings = [
      { text: "one is hit" },
      { text: "another is hit", lines: ["postLoginBefore:", '  - actionId: "a"'] },
    ];
    assert.equal(
      reportOf(findings, "xyz.auth0.com", WHERE),
      [
        "The preflight found 2 things on xyz.auth0.com:",
        "  one is hit",
        "  another is hit",
        "To leave everybody where they are, write this into Pulumi.prod.yaml under config:",
        "  workforce-sso:postLoginBefore:",
        '    - actionId: "a"',
        LAST,
      ].join("\n"),
    );
  });

  it("offers an import file that is JSON, each component once and before what belongs to it", () => {
    const imported = (name: string, parent = application) => ({
      text: `${name} is hit`,
      imported: { type: "auth0:index/client:Client", name, id: `id-of-${name}`, parent },
    });
    const other = { ...application, name: "other" };
    const report = reportOf(
      [imported("portal-client"), imported("portal-two"), imported("other-client", other)],
      "xyz.auth0.com",
      WHERE,
    );
    assert.match(
      report,
      /write this into import\.json, and run: pulumi import --file import\.json --protect=false --generate-code=false\n {2}\{/,
    );
    const [file = ""] = /\{ "resources"[\s\S]*\] \}/.exec(report) ?? [];
    const type = "auth0:index/client:Client";
    assert.deepEqual(JSON.parse(file), {
      resources: [
        { type: application.type, name: "portal", component: true },
        { type: application.type, name: "other", component: true },
        { type, name: "portal-client", id: "id-of-portal-client", parent: "portal" },
        { type, name: "portal-two", id: "id-of-portal-two", parent: "portal" },
        { type, name: "other-client", id: "id-of-other-client", parent: "other" },
      ],
    });
    assert.equal(report.split("\n").at(-1), LAST);
  });
});
