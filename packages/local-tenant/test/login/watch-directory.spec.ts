import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/lib/errors.ts";
import { watchDirectory } from "../../src/directory/watch-directory.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const person = (number: number, groups: string[]) => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  email: `p${number}@xyz.example`,
  name: "P",
  givenName: "P",
  familyName: "P",
  department: "D",
  jobTitle: "J",
  groups,
});
const company = (...employees: unknown[]) =>
  JSON.stringify({
    company: "XYZ",
    domain: "xyz.example",
    employees,
    groups: [{ id: "00000000-0000-4000-8000-0000000000ff", name: "Admins" }],
  });

describe("a directory that is watched", () => {
  /** Runs `body` with a file, what the source answers about it, and what was said. */
  const watching = (body: (file: string, people: () => string[], said: string[]) => void) =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "directory.json");
      writeFileSync(file, company(person(1, ["Admins"])));
      const said: string[] = [];
      const source = watchDirectory(file, (line) => said.push(line));
      const people = () => source().employees.map(({ email, groups }) => [email, ...groups].join(" "));
      body(file, people, said);
    });

  it("follows the file: who joins, who leaves a group, who leaves", () =>
    watching((file, people, said) => {
      assert.deepEqual(people(), ["p1@xyz.example Admins"]);
      writeFileSync(file, company(person(1, []), person(2, ["Admins"])));
      assert.deepEqual(people(), ["p1@xyz.example", "p2@xyz.example Admins"]);
      writeFileSync(`${file}.new`, company(person(2, [])));
      renameSync(`${file}.new`, file);
      assert.deepEqual(people(), ["p2@xyz.example"]);
      assert.deepEqual(said, []);
    }));

  it("is read once for each change", () =>
    watching((file) => {
      const source = watchDirectory(file);
      assert.equal(source(), source());
    }));

  it("stays as it was while the file cannot be used, and says so once in one line", () =>
    watching((file, people, said) => {
      for (const text of ["{", company(person(1, ["Nobody knows"]))]) {
        writeFileSync(file, text);
        for (let count = 0; count < 3; count += 1) assert.deepEqual(people(), ["p1@xyz.example Admins"]);
      }
      rmSync(file);
      assert.deepEqual(people(), ["p1@xyz.example Admins"]);
      assert.equal(said.length, 3);
      for (const line of said) {
        assert.match(line, /^.*directory\.json.* goes on with what it has read before\.$/);
      }
      writeFileSync(file, company(person(3, [])));
      assert.deepEqual(people(), ["p3@xyz.example"]);
    }));

  it("has to be good at the start", () =>
    withTemporaryFolder((folder) => {
      assert.throws(() => watchDirectory(join(folder, "missing.json")), UserError);
    }));
});
