import assert from "node:assert/strict";
import { placesText, reportText } from "../../../local/start/report.ts";
import type { Report } from "../../../local/start/report.ts";
import { paintFor } from "../../../local/start/terminal.ts";
import type { Employee } from "../../../packages/local-tenant/src/index.ts";

const CLAIM = "https://acme.example/claims/groups";
const paint = paintFor({ write: () => undefined }, {});

const employee: Employee = {
  id: "1",
  email: "paula@acme.example",
  name: "Paula Grande",
  givenName: "Paula",
  familyName: "Grande",
  department: "Operations",
  jobTitle: "Director",
  groups: [],
};

function report(groups: readonly string[]): Report {
  return {
    engine: "none",
    plugin: "none",
    changes: {},
    employee: employee.email,
    application: "wiki",
    claims: { name: "Paula Grande", [CLAIM]: [...groups], sub: "waad|1" },
    groupsClaim: CLAIM,
    groups,
    trace: undefined,
    environment: "",
  };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Group ${index + 1}`);
}

describe("the report for a person", () => {
  it("shows ten of three hundred groups and counts the rest", () => {
    const text = reportText(report(names(300)), employee, paint);
    assert.match(text, /"Group 10"\n {6}… and 290 more\n {4}\],\n {4}"sub": "waad\|1"\n {2}\}/);
    assert.equal(text.includes("Group 11"), false);
    assert.match(text, /300 groups in the token; the directory has 300/);
  });

  it("shows ten groups as they are, in JSON", () => {
    const text = reportText(report(names(10)), employee, paint);
    assert.equal(text.includes("more"), false);
    const json = /^ {2}\{$[^]*?^ {2}\}$/m.exec(text)?.[0] ?? "";
    assert.deepEqual((JSON.parse(json) as Record<string, unknown>)[CLAIM], names(10));
  });
});

describe("what npm start says last", () => {
  const places = { issuer: "https://localhost:8443/", environment: "/x/environment", ca: "/x/ca.pem" };

  it("offers the four steps of the loop, then the company's own and the real tenant", () => {
    const text = placesText({ ...places, kept: true }, paint);
    const steps = [...text.matchAll(/^ {2}\d\. (.*)$/gm)].map(([, step]) => step);
    assert.equal(steps.length, 4);
    for (const [index, part] of [
      "edit action/post-login.ts",
      "npm run pulumi -- preview --diff",
      "npm run pulumi -- up --yes",
      "sign in again",
    ].entries()) {
      assert.ok(steps[index]?.startsWith(part), steps[index]);
    }
    assert.match(text, /docs\/make-it-yours\.md.*docs\/production\.md\.\n$/);
  });

  it("offers no Pulumi command where there is no stack for it", () => {
    assert.doesNotMatch(placesText({ ...places, kept: false }, paint), /run pulumi/);
  });

  it("says how to go on from the certificate page of each browser, in the browser's words", () => {
    const text = placesText({ ...places, kept: true }, paint);
    for (const words of [
      '"Your connection is not private": Advanced, then Proceed to localhost (unsafe)',
      '"Warning: Potential Security Risk Ahead": Advanced..., then Accept the Risk and Continue',
      '"This Connection Is Not Private": Show Details, then visit this website',
    ]) {
      assert.ok(text.includes(words), words);
    }
  });
});
