import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../src/lib/errors.ts";
import { directoryBehind, findEmployee, groupsOf, loadDirectory } from "../../src/directory/directory.ts";
import type { Directory, Employee } from "../../src/directory/directory.ts";
import { sampleDirectoryFile } from "../../../../test/support/sample.ts";

describe("the company directory", () => {
  const directory = loadDirectory(sampleDirectoryFile);
  const names = (employee: Employee, nested: boolean) =>
    groupsOf(directory, employee, { nested }).map((group) => group.name);

  it("has people for every case that matters", () => {
    const counts = directory.employees.map((employee) => employee.groups.length);
    assert.ok(directory.employees.length >= 24);
    assert.ok(counts.includes(0));
    assert.ok(counts.includes(300));
    assert.ok(new Set(directory.employees.map((employee) => employee.department)).size >= 4);
    const groups = directory.groups.map((group) => group.name);
    assert.ok(groups.some((name) => name.includes(" ")));
    assert.ok(groups.some((name) => /[^\x20-\x7e]/.test(name)));
    assert.ok(directory.groups.some((group) => group.memberOf.length > 0));
  });

  it("signs in by default somebody with direct and nested groups", () => {
    const employee = findEmployee(directory, directory.defaultEmployee.toUpperCase());
    assert.ok(employee);
    assert.ok(names(employee, false).length >= 3);
    assert.ok(names(employee, true).length > names(employee, false).length);
  });

  it("lists direct groups first, then those above them, each once, also where they form a circle", () => {
    const group = (name: string, ...memberOf: string[]) => ({ id: name, name, memberOf });
    const employee = { groups: ["b", "a"] } as unknown as Employee;
    const circle = {
      groups: [group("a", "c"), group("b", "a", "d"), group("c", "b"), group("d"), group("other")],
    } as unknown as Directory;
    const found = (nested: boolean) => groupsOf(circle, employee, { nested }).map(({ name }) => name);
    assert.deepEqual(found(false), ["b", "a"]);
    assert.deepEqual(found(true), ["b", "a", "d", "c"]);
  });

  describe("refuses, in one line that names the file and the place,", () => {
    const folder = mkdtempSync(join(tmpdir(), "directory-"));
    const file = join(folder, "directory.json");
    after(() => rmSync(folder, { recursive: true }));
    const id = "00000000-0000-4000-8000-000000000001";
    const employee = {
      id,
      email: "a@xyz.example",
      name: "A",
      givenName: "A",
      familyName: "B",
      department: "D",
      jobTitle: "J",
      groups: ["G"],
    };
    const good = {
      company: "XYZ",
      domain: "xyz.example",
      employees: [employee],
      groups: [{ id, name: "G" }],
    };
    const stranger = { ...employee, id: id.replace("1", "3"), email: "p@partner.example" };
    const partner = {
      tenantDomain: "partner.onmicrosoft.com",
      company: "Partner",
      employees: [stranger],
      groups: [{ id: id.replace("1", "4"), name: "G" }],
    };
    const load = (text: string) => {
      writeFileSync(file, text);
      return loadDirectory(file);
    };

    it("nothing about a good one", () => {
      const loaded = load(JSON.stringify(good));
      assert.equal(loaded.defaultEmployee, "a@xyz.example");
      assert.deepEqual(loaded.groups, [{ id, name: "G", memberOf: [] }]);
    });

    it("nothing about a second one beside it, whose groups may have the same names", () => {
      const loaded = load(JSON.stringify({ ...good, directories: [partner] }));
      const behind = (options: Record<string, unknown>) => directoryBehind(loaded, { options }).company;
      assert.equal(behind({ tenant_domain: "Partner.onmicrosoft.com" }), "Partner");
      for (const options of [{ tenant_domain: "other.example" }, { tenant_domain: "xyz.example" }, {}]) {
        assert.equal(behind(options), "XYZ", JSON.stringify(options));
      }
    });

    const faults: [string, unknown, RegExp][] = [
      ["a list", [], /is not a JSON object\./],
      ["no employees", { ...good, employees: [] }, /has no employees/],
      ["no company", { ...good, company: "" }, /no text at company/],
      ["an unknown group", { ...good, groups: [] }, /puts a@xyz\.example into the group "G"/],
      [
        "an unknown parent",
        { ...good, groups: [{ id, name: "G", memberOf: ["H"] }] },
        /the group "G" into the group "H"/,
      ],
      [
        "an email twice",
        { ...good, employees: [employee, { ...employee, id: id.replace("1", "2") }] },
        /the email "a@xyz\.example" twice/,
      ],
      [
        "an id that is not a UUID",
        { ...good, employees: [{ ...employee, id: "7" }] },
        /the id "7" at employees\[0\], which is not a UUID/,
      ],
      [
        "an email that is none",
        { ...good, employees: [{ ...employee, email: "a" }] },
        /the email "a" at employees\[0\]/,
      ],
      [
        "groups that are no texts",
        { ...good, employees: [{ ...employee, groups: [1] }] },
        /no text at employees\[0\]\.groups\[0\]/,
      ],
      [
        "an unknown default employee",
        { ...good, defaultEmployee: "x@xyz.example" },
        /no employee "x@xyz\.example"/,
      ],
      ["further directories that are no list", { ...good, directories: {} }, /no list at directories/],
      ["a further directory that is none", { ...good, directories: ["p"] }, /no object at directories\[0\]/],
      [
        "a further directory without a domain",
        { ...good, directories: [{ ...partner, tenantDomain: " " }] },
        /no text at directories\[0\]\.tenantDomain/,
      ],
      [
        "a further directory without employees",
        { ...good, directories: [{ ...partner, employees: [] }] },
        /no employees at directories\[0\]/,
      ],
      [
        "a person of a further directory with an error",
        { ...good, directories: [{ ...partner, employees: [{ ...stranger, name: "" }] }] },
        /no text at directories\[0\]\.employees\[0\]\.name/,
      ],
      [
        "a group that is another directory's",
        { ...good, directories: [{ ...partner, employees: [{ ...stranger, groups: ["Ours"] }] }] },
        /puts p@partner\.example into the group "Ours"/,
      ],
      [
        "one domain for two directories",
        { ...good, directories: [partner, { ...partner, tenantDomain: "XYZ.example" }] },
        /the domain "XYZ\.example" twice/,
      ],
      [
        "an email in two directories",
        { ...good, directories: [{ ...partner, employees: [{ ...stranger, email: "A@xyz.example" }] }] },
        /the email "A@xyz\.example" twice/,
      ],
      [
        "a person's id in two directories",
        { ...good, directories: [{ ...partner, employees: [{ ...stranger, id }] }] },
        /the id "[-0-9a-f]+" twice/,
      ],
      [
        "a group's id in two directories",
        { ...good, directories: [{ ...partner, groups: [{ id, name: "G" }] }] },
        /the id "[-0-9a-f]+" twice/,
      ],
    ];
    for (const [what, document, message] of faults) {
      it(what, () => {
        assert.throws(
          () => load(JSON.stringify(document)),
          (error) =>
            error instanceof UserError &&
            message.test(error.message) &&
            error.message.includes(file) &&
            !error.message.includes("\n"),
        );
      });
    }

    it("what is not JSON, or not a file", () => {
      assert.throws(() => load("{"), UserError);
      assert.throws(() => loadDirectory(join(folder, "missing.json")), UserError);
    });
  });
});
