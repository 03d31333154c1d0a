import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";
import { parseDirectoryArguments } from "../../../review/directory/arguments.ts";
import { graphUser, id, page, withExport } from "./support.ts";

const PEOPLE =
  "email,name,department,groups\nada@xyz.example,Ada,Legal,SG-VPN\nbruno@xyz.example,Bruno,IT,SG-VPN\n";

describe("npm run directory", () => {
  it("tells the format by the contents, and takes several together", async () => {
    const files = {
      a: PEOPLE,
      b: page([{ id: id(101), displayName: "SG-VPN" }]),
      c: JSON.stringify([graphUser(1)]),
      d: `${JSON.stringify({ email: "d@other.example", name: "D", groups: ["SG-VPN"] })}\n`,
    };
    await withExport(files, ({ run, out }) => {
      const { code, said } = run(Object.keys(files));
      assert.equal(code, 0);
      assert.deepEqual(said, [
        "a: CSV, 2 people",
        "b: Microsoft Graph, 1 group",
        "c: Microsoft Graph, 1 person",
        "d: Auth0, 1 person",
        "Taken as enabled: 2 people of whom the export does not say whether they are",
        'Wrote out/directory.json: 4 people and 1 group. Use it by: npm run claims -- --directory "out/directory.json"',
      ]);
      const { company, domain, defaultEmployee, employees, groups } = loadDirectory(out);
      assert.deepEqual([company, domain, defaultEmployee], ["xyz.example", "xyz.example", "ada@xyz.example"]);
      assert.deepEqual(
        employees.map((employee) => employee.groups),
        [["SG-VPN"], ["SG-VPN"], [], ["SG-VPN"]],
      );
      assert.equal(groups.length, 1);
      if (process.platform !== "win32") assert.equal(statSync(out).mode & 0o077, 0);
    });
  });

  it("takes the company's name and domain from the command line", async () => {
    await withExport({ a: PEOPLE }, ({ run, out }) => {
      run(["a"], ["--company", "XYZ", "--domain", "xyz.test"]);
      const { company, domain } = loadDirectory(out);
      assert.deepEqual([company, domain], ["XYZ", "xyz.test"]);
    });
  });

  const none: readonly (readonly [string, string | Buffer, RegExp])[] = [
    [
      "text",
      "hello\n",
      /^\S+ is not an export that can be read: neither Microsoft Graph's JSON, nor Auth0's/,
    ],
    ["other JSON", '{"name": "workforce-sso"}', /is not an export that can be read/],
    ["nothing", " \n", /^\S+ is empty\. Give a file of an export\.$/],
    ["a compressed file", gzipSync(PEOPLE), /is compressed\. Unpack it first, such as by: gunzip "/],
  ];
  for (const [what, text, message] of none) {
    it(`refuses ${what} in one line`, async () => {
      await withExport({ a: text }, ({ run, out }) => {
        assert.throws(() => run(["a"]), { name: "UserError", message });
        assert.equal(existsSync(out), false);
      });
    });
  }

  it("refuses a file that is not there, or is no file", async () => {
    await withExport({}, ({ run, folder }) => {
      assert.throws(() => run(["a"]), {
        message: `There is no file ${join(folder, "a")}. Give the files of an export.`,
      });
      assert.throws(() => run(["."]), {
        message: /is not a file, and it is read twice\. Write the export to a file/,
      });
    });
  });

  const empty: Readonly<Record<string, string>> = {
    "a list without people": page([]),
    "a bare empty list": "[]",
    "a CSV head alone": "email,groups\n",
    "disabled accounts alone": page([graphUser(1, { accountEnabled: false })]),
  };
  for (const [what, text] of Object.entries(empty)) {
    it(`writes nothing from ${what}`, async () => {
      await withExport({ a: text }, ({ run, out }) => {
        const { code, complaints } = run(["a"]);
        assert.equal(code, 1);
        assert.deepEqual(complaints, ["Nothing was written: there is no person in a who may sign in."]);
        assert.equal(existsSync(out), false);
      });
    });
  }

  it("names 20 wrong rows and counts the others, and leaves the file as it was", async () => {
    const files = { good: PEOPLE, bad: `email,groups\n${"nobody,G\n".repeat(25)}` };
    await withExport(files, ({ run, read, folder }) => {
      assert.equal(run(["good"]).code, 0);
      const before = read("out/directory.json");
      const { code, complaints } = run(["good", "bad"]);
      assert.equal(code, 1);
      assert.equal(complaints.length, 22);
      assert.equal(complaints[0], 'bad:2: its email is not an address: "nobody"');
      assert.deepEqual(complaints.slice(20), ["... and 5 more", "Nothing was written: 25 rows are wrong."]);
      assert.equal(read("out/directory.json"), before);
      assert.deepEqual(readdirSync(join(folder, "out")), ["directory.json"]);
    });
  });

  it("adds a further directory beside the company's own, and replaces it at the next import", async () => {
    const partner = "email,groups\nzoe@partner.example,SG-VPN\n";
    const files = {
      a: PEOPLE,
      b: partner,
      c: `${partner}yan@partner.example,SG-VPN\n`,
      d: "email,groups\nada@xyz.example,G\n",
    };
    await withExport(files, ({ run, out }) => {
      const words = ["--directory", "partner.onmicrosoft.com", "--company", "Partner"];
      assert.throws(() => run(["b"], words), {
        message:
          /^A further directory needs the company's own in .*Import that one first, without --directory\.$/,
      });
      run(["a"]);
      for (const file of ["b", "c"]) assert.equal(run([file], words).code, 0);
      assert.equal(run(["b"], ["--directory", "other.onmicrosoft.com"]).code, 1);
      const { employees, directories } = loadDirectory(out);
      assert.equal(employees.length, 2);
      assert.deepEqual(
        directories?.map((one) => [one.company, one.domain, one.employees.length]),
        [["Partner", "partner.onmicrosoft.com", 2]],
      );
      assert.equal(
        run(["d"], words).complaints[0],
        'd:2: the email "ada@xyz.example" was already in out/directory.json',
      );
      assert.throws(() => run(["b"], ["--directory", "XYZ.example"]), {
        message: /is the company's own domain/,
      });
    });
  });

  const usage: readonly (readonly [readonly string[], string])[] = [
    [["imprt", "a"], "There is no command imprt. Did you mean import?"],
    [["import"], "import needs the files of an export."],
    [["import", "a", "--pseudonymus"], "There is no flag --pseudonymus. Did you mean --pseudonymous?"],
    [["import", "a", "--out"], "Option '--out <value>' argument missing."],
    [["import", "a", "--out", " "], "--out needs a value."],
    [["import", "a", "--directory", "partner"], "--directory partner is not a domain, such as xyz.example."],
    [["import", "a", "--key-file", "k"], "--key-file is for --pseudonymous, which is not given."],
    [["import", "a", "--directory", "a.b", "--domain", "c.d"], "--directory DOMAIN says the domain already."],
  ];
  for (const [words, message] of usage) {
    it(`refuses ${words.join(" ")}`, () => {
      assert.throws(
        () => parseDirectoryArguments(words),
        (error: unknown) => error instanceof UserError && error.message.startsWith(message),
      );
    });
  }
});
