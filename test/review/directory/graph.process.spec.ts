import assert from "node:assert/strict";
import { groupsOf, loadDirectory } from "../../../packages/local-tenant/src/directory/directory.ts";
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
});
