import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/lib/errors.ts";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const role = (id: string, name = id) => ({ id, name, description: null, permissions: [] });

/** A state with a snapshot of role `a`, and in its log the roles `b`, `c` and `d`, each in a record. */
function threeChanges(folder: string): { file: string; log: string; lines: string[] } {
  const file = join(folder, "tenant.json");
  const store = new Store(file);
  for (const id of ["a", "b", "c", "d"]) {
    store.tables.roles.put(role(id));
    store.save();
  }
  const log = `${file}.log`;
  const lines = readFileSync(log, "utf8").split(/(?<=\n)/);
  assert.equal(lines.length, 4, "a header and three records");
  return { file, log, lines };
}

const idsIn = (file: string) =>
  new Store(file).tables.roles
    .list()
    .map(({ id }) => id)
    .join("");

describe("the log of a state's changes", () => {
  it("is read up to the record that was not finished, which the next change replaces", () =>
    withTemporaryFolder((folder) => {
      const { file, log, lines } = threeChanges(folder);
      const [head = "", b = "", c = "", d = ""] = lines;
      for (let cut = 0; cut < d.length; cut += 1) {
        writeFileSync(log, head + b + c + d.slice(0, cut));
        assert.equal(idsIn(file), "abc", `${cut} of ${d.length} characters`);
      }
      writeFileSync(log, head + b + c + d.slice(0, -1).padEnd(1_000, "x"));
      const store = new Store(file, { say: () => undefined });
      store.tables.roles.put(role("e"));
      store.save();
      assert.equal(idsIn(file), "abce");
      assert.equal(readFileSync(log, "utf8").at(-1), "\n", "nothing of the unfinished record is left");
    }));

  it("is read up to the zeros that a power cut has left", () =>
    withTemporaryFolder((folder) => {
      const { file, log, lines } = threeChanges(folder);
      const [head = "", b = "", c = "", d = ""] = lines;
      writeFileSync(log, `${head}${b}${"\0".repeat(c.length - 1)}\n${d}`);
      assert.equal(idsIn(file), "ab");
      writeFileSync(log, `${head}${b}${c}${"\0".repeat(4096)}`);
      assert.equal(idsIn(file), "abc");
    }));

  it("is refused in one line when a record that was whole is damaged or missing, and left as it is", () =>
    withTemporaryFolder((folder) => {
      const { file, log, lines } = threeChanges(folder);
      const [head = "", b = "", c = "", d = ""] = lines;
      const at = head.length + b.length;
      for (const text of [
        head + b + c.replace('"c"', '"x"') + d,
        head + b + d,
        head + b + c.toUpperCase() + d,
        `${head}${b}${c.slice(1)}${d}`,
      ]) {
        writeFileSync(log, text);
        assert.throws(
          () => new Store(file),
          (error) =>
            error instanceof UserError &&
            error.message.includes(`damaged at byte ${at}: "truncate -s ${at} ${log}"`) &&
            error.message.includes("--reset") &&
            !error.message.includes("\n"),
        );
        assert.equal(readFileSync(log, "utf8"), text);
      }
      writeFileSync(log, head + b);
      assert.equal(idsIn(file), "ab", "what the line says helps");
    }));

  it("is not read when it continues another snapshot, and goes with the next change", () =>
    withTemporaryFolder((folder) => {
      const { file, log } = threeChanges(folder);
      const other = join(folder, "other.json");
      const store = new Store(other);
      store.tables.roles.put(role("z"));
      store.save();
      copyFileSync(other, file);
      assert.equal(idsIn(file), "z");
      const again = new Store(file);
      again.tables.roles.put(role("y"));
      again.save();
      assert.equal(idsIn(file), "zy");
      assert.equal(readFileSync(log, "utf8").split("\n").length, 3);
    }));

  it("is read beside the tenant that writes it, which is left alone", () =>
    withTemporaryFolder((folder) => {
      const { file, log } = threeChanges(folder);
      const running = new Store(file);
      running.tables.roles.put(role("e"));
      running.save();
      const before = readFileSync(log);
      appendFileSync(log, "0000");
      assert.equal(idsIn(file), "abcde");
      assert.deepEqual(readFileSync(log).subarray(0, before.length), before);
      assert.equal(statSync(log).size, before.length + 4);
    }));

  it("says in a line that the end of a change was dropped which was never answered", () =>
    withTemporaryFolder((folder) => {
      const { file, log } = threeChanges(folder);
      const whole = statSync(log).size;
      appendFileSync(log, '0123abcd {"roles"');
      const lines: string[] = [];
      const say = (line: string) => void lines.push(line);
      assert.equal(new Store(file, { say }).tables.roles.size, 4);
      assert.deepEqual(lines, [], "a reader drops nothing");
      const store = new Store(file, { say });
      for (const id of ["e", "f"]) {
        store.tables.roles.put(role(id));
        store.save();
      }
      assert.equal(lines.length, 1);
      assert.match(
        lines[0] ?? "",
        /tenant\.json\.log ended in the middle of a change .* its 17 bytes were dropped/,
      );
      assert.equal(idsIn(file), "abcdef");
      assert.ok(statSync(log).size > whole);
    }));

  it("stays in proportion to what there is, however much changes", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      const store = new Store(file);
      const name = "x".repeat(100_000);
      for (let i = 0; i < 200; i += 1) {
        store.tables.roles.put(role("a", name + String(i)));
        store.save();
      }
      const sizes = [file, `${file}.log`].map((path) => (existsSync(path) ? statSync(path).size : 0));
      assert.ok(Math.max(...sizes) < 5_000_000, `${sizes.join(" and ")} bytes for one row of 100,000`);
      assert.equal(new Store(file).tables.roles.get("a")?.name, `${name}199`);
    }));
});
