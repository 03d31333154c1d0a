import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { groupsOf, loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { graphUser, id, NEXT, page, withExport } from "./support.ts";

const GROUPS = page([
  { id: id(101), displayName: "Engineering" },
  { id: id(102), displayName: "Everybody" },
]);
const user = (number: number) => ({ "@odata.type": "#microsoft.graph.user", id: id(number) });
const group = (number: number) => ({ "@odata.type": "#microsoft.graph.group", id: id(number) });
const membersOf = (number: number, ...pages: readonly string[]) =>
  `{"group": "${id(number)}"}\n${pages.join("")}`;

describe("an import of Microsoft Graph's answers", () => {
  it("makes a directory that the tenant takes, of pages in any order of files", async () => {
    const files = {
      "members.json":
        membersOf(101, page([user(1)], NEXT), page([user(2)])) + membersOf(102, page([group(101), user(3)])),
      "users.json": page([graphUser(1)], NEXT) + page([graphUser(2), graphUser(3, { mail: null })]),
      "groups.json": GROUPS,
    };
    await withExport(files, ({ run, out }) => {
      const { code, said, complaints } = run(Object.keys(files));
      assert.deepEqual(complaints, []);
      assert.equal(code, 0);
      assert.deepEqual(said.slice(0, 3), [
        "members.json: Microsoft Graph, 4 members of groups",
        "users.json: Microsoft Graph, 3 people",
        "groups.json: Microsoft Graph, 2 groups",
      ]);
      const directory = loadDirectory(out);
      assert.equal(directory.domain, "xyz.example");
      assert.deepEqual(
        directory.employees.map((employee) => [
          employee.id,
          employee.email,
          groupsOf(directory, employee, { nested: true }).map(({ name }) => name),
        ]),
        [
          [id(1), "person.1@xyz.example", ["Engineering", "Everybody"]],
          [id(2), "person.2@xyz.example", ["Engineering", "Everybody"]],
          [id(3), "person.3@xyz.onmicrosoft.com", ["Everybody"]],
        ],
      );
    });
  });

  it("knows users by what their page says it is, where few of their properties were asked for", async () => {
    const few = [{ id: id(1), displayName: "Person 1", mail: "person.1@xyz.example" }];
    const users = {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id,displayName,mail)",
    };
    await withExport({ "users.json": page(few, users), "groups.json": GROUPS }, ({ run, out }) => {
      const { code, said } = run(["users.json", "groups.json"]);
      assert.equal(code, 0);
      assert.equal(said[0], "users.json: Microsoft Graph, 1 person");
      assert.deepEqual(
        loadDirectory(out).employees.map(({ email }) => email),
        ["person.1@xyz.example"],
      );
    });
  });

  const refused: readonly {
    readonly what: string;
    readonly files: Readonly<Record<string, string>>;
    readonly complaint: RegExp;
  }[] = [
    {
      what: "a list whose last page has a next page",
      files: { "users.json": page([graphUser(1)]) + page([graphUser(2)], NEXT) },
      complaint: /^users\.json:17: the page has a next page \(@odata\.nextLink\), which is not in the file/,
    },
    {
      what: "members whose pages were cut before the next group",
      files: {
        "groups.json": GROUPS,
        "members.json": membersOf(101, page([], NEXT)) + membersOf(102, page([])),
      },
      complaint: /^members\.json:2: the page has a next page/,
    },
    {
      what: "a group whose members were not exported after all",
      files: { "groups.json": GROUPS, "members.json": membersOf(101) + membersOf(102, page([])) },
      complaint: /^members\.json:1: no page of the members of the group .*101 follows/,
    },
    {
      what: "members that az rest could not get",
      files: {
        "groups.json": GROUPS,
        "members.json": membersOf(101, page([]), '{"error": "az rest failed"}\n'),
      },
      complaint: /^members\.json:6: it is an error of Microsoft Graph: "az rest failed"/,
    },
    {
      what: "a group with as many members as $expand gives at most",
      files: {
        "groups.json": page([
          { id: id(101), displayName: "Big", members: Array.from({ length: 20 }, (_, index) => user(index)) },
        ]),
      },
      complaint: /^groups\.json:4: the group "Big" has 20 members, and \$expand gives no more than 20;/,
    },
    {
      what: "a member whom no file has",
      files: { "groups.json": GROUPS, "members.json": membersOf(101, page([user(9)])) },
      complaint: /^members\.json:5: the group "Engineering" has the member .*9, whom no file has/,
    },
    {
      what: "members of a group that no file has",
      files: { "users.json": page([graphUser(1)]), "members.json": membersOf(103, page([user(1)])) },
      complaint: /^members\.json:1: it has members of the group .*103, which no file has/,
    },
    {
      what: "a group without an id",
      files: { "groups.json": page([{ displayName: "Engineering" }]) },
      complaint: /^groups\.json:4: the group "Engineering" has no id/,
    },
    {
      what: "a group without a name",
      files: { "groups.json": page([{ id: id(101), displayName: null }]) },
      complaint: /^groups\.json:4: the group ".*101" has no name/,
    },
    {
      what: "a user without an id",
      files: { "users.json": page([graphUser(1, { id: undefined })]) },
      complaint: /^users\.json:4: the user has no id that is a UUID: nothing/,
    },
    {
      what: "a user without any email",
      files: { "users.json": page([graphUser(1, { mail: null, userPrincipalName: null })]) },
      complaint: /^users\.json:4: it has no email/,
    },
    {
      what: "two users with one email",
      files: { "users.json": page([graphUser(1), graphUser(2, { mail: "PERSON.1@xyz.example" })]) },
      complaint: /^users\.json:15: the email "PERSON\.1@xyz\.example" was already in users\.json:4/,
    },
    {
      what: "one user twice",
      files: { "users.json": page([graphUser(1)]), "again.json": page([graphUser(1)]) },
      complaint: /^again\.json:4: the id .*1 was already in users\.json:4/,
    },
    {
      what: "a value of the wrong type",
      files: { "users.json": page([graphUser(1, { department: 12 })]) },
      complaint: /^users\.json:4: its department is not text: 12/,
    },
    {
      what: "an element that is neither a user nor a group",
      files: { "users.json": page([{ id: id(1), deviceId: "x" }]) },
      complaint: /^users\.json:4: it is neither a user nor a group/,
    },
    {
      what: "a file that was cut",
      files: { "users.json": page([graphUser(1), graphUser(2)]).slice(0, -40) },
      complaint: /^users\.json:\d+: it is not JSON: expected the rest of the document: the file ends in it/,
    },
    {
      what: "JSON with a mistake",
      files: { "users.json": page([graphUser(1)]).replace('"department": ', '"department" ') },
      complaint: /^users\.json:11: it is not JSON: expected a colon after the key/,
    },
  ];
  for (const { what, files, complaint } of refused) {
    it(`refuses ${what}, with its line`, async () => {
      await withExport(files, ({ run, out }) => {
        const { code, complaints } = run(Object.keys(files));
        assert.equal(code, 1);
        assert.match(complaints[0] ?? "", complaint);
        assert.deepEqual(complaints.slice(1), ["Nothing was written: 1 row is wrong."]);
        assert.equal(existsSync(out), false);
      });
    });
  }

  it("leaves out disabled accounts and members that are no people, and says how many", async () => {
    const device = { "@odata.type": "#microsoft.graph.device", id: id(50) };
    const files = {
      "users.json": page([
        graphUser(1),
        graphUser(2, { accountEnabled: false, mail: "person.1@xyz.example" }),
      ]),
      "groups.json": GROUPS,
      "members.json": membersOf(101, page([user(1), user(2), device])),
    };
    await withExport(files, ({ run, out }) => {
      const { code, said, complaints } = run(Object.keys(files));
      assert.deepEqual([code, ...complaints], [0]);
      assert.deepEqual(said.slice(3, 6), [
        "Left out: 1 disabled account",
        "Left out: 1 membership of devices, contacts and applications",
        "Without members: 1 group, of which no file says who is in them",
      ]);
      assert.deepEqual(
        loadDirectory(out).employees.map(({ email }) => email),
        ["person.1@xyz.example"],
      );
    });
  });

  it("says when the export does not tell who is disabled", async () => {
    await withExport({ "users.json": page([graphUser(1, { accountEnabled: null })]) }, ({ run }) => {
      const { said } = run(["users.json"]);
      assert.equal(said[1], "Taken as enabled: 1 person of whom the export does not say whether they are");
    });
  });

  it("takes members that $expand gave, where they are all there", async () => {
    const files = {
      "groups.json": page([{ id: id(101), displayName: "Small", members: [user(1)] }]),
      "users.json": page([graphUser(1)]),
    };
    await withExport(files, ({ run, out }) => {
      assert.equal(run(Object.keys(files)).code, 0);
      assert.deepEqual(loadDirectory(out).employees[0]?.groups, ["Small"]);
    });
  });

  const namesakes = (members: string) => ({
    "users.json": page([graphUser(1), graphUser(2)]),
    "groups.json": page([
      { id: id(101), displayName: "Marketing" },
      { id: id(102), displayName: "Marketing" },
      { id: id(103), displayName: "Everybody" },
    ]),
    "members.json": membersOf(101, page([user(1)])) + membersOf(102, page([user(2)])) + members,
  });

  it("takes groups of one name as one, as a token with names does", async () => {
    const files = namesakes(membersOf(103, page([group(101), group(102)])));
    await withExport(files, ({ run, out }) => {
      const { code, said } = run(Object.keys(files));
      assert.equal(code, 0);
      assert.ok(said.includes("Taken as one: 1 group with one of the same name"));
      const directory = loadDirectory(out);
      assert.deepEqual(
        directory.employees.map(({ groups }) => groups),
        [["Marketing"], ["Marketing"]],
      );
      assert.deepEqual(
        directory.groups.map(({ name, memberOf }) => [name, ...memberOf]),
        [["Marketing", "Everybody"], ["Everybody"]],
      );
    });
  });

  it("refuses groups of one name where people would gain a group by their becoming one", async () => {
    const files = namesakes(membersOf(103, page([group(101)])));
    await withExport(files, ({ run }) => {
      const { code, complaints } = run(Object.keys(files));
      assert.equal(code, 1);
      assert.match(
        complaints[0] ?? "",
        /^groups\.json:8: the group "Marketing" has the name of .*101 in groups\.json:4, and they are members of different groups/,
      );
    });
  });
});
