import assert from "node:assert/strict";
import type { Directory } from "../../../packages/local-tenant/src/index.ts";
import { AccessCheck } from "../../../review/access/check.ts";
import { KIND_NAMES, kindOf } from "../../../review/access/kinds.ts";
import { accessText } from "../../../review/access/output.ts";
import { readAccess } from "../../../review/access/read.ts";
import { read } from "../../docs/pages.ts";
import { defaultSettings } from "../../support/default-settings.ts";
import { headWith, rowWith } from "../support/side.ts";

const page = read("docs/access.md");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block]) => block ?? "");
const [example = ""] = blocks("yaml");

/** Somebody of Sales, who is in a group that the portal knows. */
const PERSON = { email: "priya.raman@xyz.example", department: "Sales", groups: ["Admin Portal Users"] };
const EMPTY = { id: "1", name: "Priya Raman", givenName: "Priya", familyName: "Raman", jobTitle: "Head" };
const COMPANY: Directory = {
  ...{ company: "XYZ", domain: "xyz.example", defaultEmployee: PERSON.email },
  employees: [{ ...EMPTY, ...PERSON }],
  groups: [{ id: "2", name: "Admin Portal Users", memberOf: [] }],
};

describe("docs/access.md", () => {
  it("shows files that can be read", () => {
    assert.ok(blocks("yaml").length > 0);
    for (const block of blocks("yaml")) assert.doesNotThrow(() => readAccess(block, "access.yaml"));
    assert.deepEqual(
      [...new Set(readAccess(example, "access.yaml").rules.map(({ kind }) => kind))],
      KIND_NAMES,
    );
  });

  it("explains every field of every kind of rule", () => {
    const sections = new Map(
      page.split(/^### /m).map((section) => [section.split("\n")[0] ?? "", section] as const),
    );
    for (const name of KIND_NAMES) {
      const section = `${sections.get(name)}${sections.get("In every rule")}`;
      const rows = section.split("\n").filter((line) => line.startsWith("| "));
      const explained = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)]);
      const fields = Object.keys(kindOf(name).fields);
      const missing = fields.filter((field) => !explained.some(([, word]) => word === field));
      assert.deepEqual(missing, [], name);
    }
  });

  it("shows a violation of its own example as it looks", () => {
    const groupPolicy = { rename: { "Admin Portal Users": "Portal Editors" } };
    const model = {
      settings: { ...defaultSettings, groupPolicy },
      applications: {},
      connections: { "azure-ad": { groups: true, nested: false, most: 0 } },
    };
    const head = headWith();
    const check = new AccessCheck(readAccess(example, "access.yaml"), { head, model, directory: COMPANY });
    check.add(
      rowWith({
        ...{ application: "admin-portal", person: PERSON.email, department: PERSON.department },
        ...{ source: "event", directoryGroups: PERSON.groups, groups: ["Portal Editors"] },
      }),
    );
    const result = check.result();
    const violations = result.violations.filter(({ person }) => person !== undefined);
    const shown = blocks("text").find((block) => block.startsWith("access.yaml:"));
    assert.ok(accessText(head, { ...result, violations }).includes(`\n\n${shown}`), shown);
  });
});
