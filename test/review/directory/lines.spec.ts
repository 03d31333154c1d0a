import assert from "node:assert/strict";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { id, withExport } from "./support.ts";

const auth0User = (number: number, fields: Readonly<Record<string, unknown>> = {}) =>
  `${JSON.stringify({
    user_id: `waad|azure-ad|${id(number)}`,
    email: `person.${number}@xyz.example`,
    name: `Person ${number}`,
    groups: ["SG-VPN"],
    ...fields,
  })}\n`;

describe("an import of Auth0's user export", () => {
  it("makes a directory of the users and the groups of their profiles", async () => {
    const text =
      auth0User(1, {
        given_name: "Ada",
        family_name: "Lindqvist",
        department: "Legal",
        job_title: "Counsel",
      }) +
      auth0User(2, { user_id: "auth0|5f2", groups: null }) +
      "\n" +
      auth0User(3, { blocked: true });
    await withExport({ users: text }, ({ run, out }) => {
      const { code, said } = run(["users"]);
      assert.equal(code, 0);
      assert.deepEqual(said.slice(0, 2), ["users: Auth0, 3 people", "Left out: 1 disabled account"]);
      const { employees, groups } = loadDirectory(out);
      assert.deepEqual(employees[0], {
        id: id(1),
        email: "person.1@xyz.example",
        name: "Person 1",
        givenName: "Ada",
        familyName: "Lindqvist",
        department: "Legal",
        jobTitle: "Counsel",
        groups: ["SG-VPN"],
      });
      assert.deepEqual(employees[1]?.groups, []);
      assert.deepEqual(
        groups.map(({ name }) => name),
        ["SG-VPN"],
      );
    });
  });

  it("names every line that is wrong, and goes on after it", async () => {
    const text =
      auth0User(1) +
      `{"user_id": "x", "email": \n` +
      auth0User(2, { groups: [1] }) +
      "[]\n" +
      auth0User(3, { email: "nobody" }) +
      auth0User(4, { name: "\u009b2J\u202e" }) +
      auth0User(1);
    await withExport({ users: text }, ({ run }) => {
      assert.deepEqual(run(["users"]).complaints, [
        "users:2: it is not JSON: expected a value after the colon",
        "users:3: its groups are not a list of names: [1]",
        "users:4: it is not an object",
        'users:5: its email is not an address: "nobody"',
        `users:7: the id ${id(1)} was already in users:1`,
        "Nothing was written: 5 rows are wrong.",
      ]);
    });
  });

  it("shows a value in one line that no terminal obeys", async () => {
    await withExport({ users: auth0User(1, { email: "\u009b2J\u202e\n" }) }, ({ run }) => {
      assert.equal(run(["users"]).complaints[0], 'users:1: its email is not an address: "\\u009b2J\\u202e"');
    });
  });
});

describe("an import of CSV", () => {
  it("takes quotes, commas and line breaks in them, as RFC 4180 has it", async () => {
    const text =
      '\uFEFFGroups,email,"name",jobTitle,enabled\r\n' +
      'SG-VPN; Admins ;,ada@xyz.example,"Lindqvist, ""Ada""\r\nMaria",Counsel,TRUE\r\n' +
      ",bruno@xyz.example,,,\r\n" +
      ",chloe@xyz.example,,,false";
    await withExport({ "people.csv": text }, ({ run, out }) => {
      const { code, said, complaints } = run(["people.csv"]);
      assert.deepEqual([code, ...complaints], [0]);
      assert.deepEqual(said.slice(0, 2), ["people.csv: CSV, 3 people", "Left out: 1 disabled account"]);
      const [ada, bruno, ...others] = loadDirectory(out).employees;
      assert.deepEqual(others, []);
      assert.equal(ada?.name, 'Lindqvist, "Ada"\nMaria');
      assert.deepEqual(ada.groups, ["SG-VPN", "Admins"]);
      assert.deepEqual(
        [bruno?.name, bruno?.givenName, bruno?.familyName, bruno?.department, bruno?.jobTitle],
        ["bruno", "bruno", "bruno", "(none)", "(none)"],
      );
    });
  });

  it("makes the same ids at each import", async () => {
    const files = {
      "1.csv": "email,groups\na@x.example,G\n",
      "2.csv": "email,groups\nb@x.example,G\nA@x.example,G\n",
    };
    await withExport(files, ({ run, out }) => {
      run(["1.csv"]);
      const before = loadDirectory(out);
      run(["2.csv"]);
      const after = loadDirectory(out);
      assert.equal(after.employees[1]?.id, before.employees[0]?.id);
      assert.equal(after.groups[0]?.id, before.groups[0]?.id);
    });
  });

  it("names every record that is wrong by its first line", async () => {
    const text =
      "email,name,groups\n" +
      "a@x.example,A,B,C\n" +
      'b@x.example,"two\nlines",sg-vpn\n' +
      'c@x.example,a " quote,SG-VPN\n' +
      "d@x.example,D,SG-VPN\n" +
      'e@x.example,"open,G\nf@x.example,F,G\n';
    await withExport({ "people.csv": text }, ({ run }) => {
      assert.deepEqual(run(["people.csv"]).complaints, [
        "people.csv:2: it has 4 values, and the head has 3 columns",
        'people.csv:5: a " stands where RFC 4180 has none; write "" for one',
        'people.csv:6: the group "SG-VPN" is spelled otherwise than "sg-vpn" in people.csv:3',
        'people.csv:7: a " is not closed again',
        "Nothing was written: 4 rows are wrong.",
      ]);
    });
  });

  it("refuses text that is not UTF-8, which would be other names", async () => {
    const latin = Buffer.from(
      "email,name,groups\nada@x.example,Ada,G\nchloe@x.example,Chlo\xe9,G\n",
      "latin1",
    );
    await withExport({ "people.csv": latin }, ({ run }) => {
      assert.match(
        run(["people.csv"]).complaints[0] ?? "",
        /^people\.csv:3: it has characters that are not UTF-8/,
      );
    });
  });

  it("takes what Windows PowerShell writes", async () => {
    const text = Buffer.from("\uFEFFemail,name,groups\r\nchloe@x.example,Chloé,G\r\n", "utf16le");
    await withExport({ "people.csv": text }, ({ run, out }) => {
      assert.equal(run(["people.csv"]).code, 0);
      assert.equal(loadDirectory(out).employees[0]?.name, "Chloé");
    });
  });

  it("does not let a quote that is not closed take long in a large file", async () => {
    const text = `email,groups\n"a@x.example,G\n${"b@x.example,G\n".repeat(200_000)}`;
    await withExport({ "people.csv": text }, ({ run }) => {
      assert.equal(run(["people.csv"]).complaints[0], 'people.csv:2: a " is not closed again');
    });
  });

  const heads: readonly (readonly [string, RegExp])[] = [
    [
      "email,grups",
      /^The head of .* has the column "grups", perhaps for groups\. Its columns may be email, name,/,
    ],
    ["email,name", /^The head of .* has no column groups\./],
    ["email,groups,email", /^The head of .* has the column email twice\./],
    ["email;groups", /has semicolons between its columns\. Export it with commas \(RFC 4180\)\.$/],
    ["email\tgroups", /has tabs between its columns\./],
  ];
  for (const [head, message] of heads) {
    it(`refuses the head ${JSON.stringify(head)}`, async () => {
      await withExport({ "people.csv": `${head}\n` }, ({ run }) => {
        assert.throws(() => run(["people.csv"]), { name: "UserError", message });
      });
    });
  }
});
