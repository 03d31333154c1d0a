import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { graphUser, id, page, withExport } from "./support.ts";

const PEOPLE = {
  "users.json": page([
    graphUser(1, {
      displayName: "Ada Lindqvist",
      mail: "ada.lindqvist@xyz.example",
      jobTitle: "Chief of Secrets",
    }),
    graphUser(2, { displayName: "Bruno Keller", surname: "Keller" }),
    graphUser(3, { displayName: "Chloé Dubois", mail: "chloe@vanity.example", department: "Legal" }),
  ]),
  "groups.json": page([{ id: id(101), displayName: "SG-VPN" }]),
  "members.json": `{"group": "${id(101)}"}\n${page([{ id: id(1) }, { id: id(2) }])}`,
};
const FILES = Object.keys(PEOPLE);
const KEY = "0123456789abcdef0123456789abcdef";
const PSEUDONYMOUS = ["--pseudonymous"];

describe("an import with --pseudonymous", () => {
  it("writes nothing that names anybody, and keeps departments and groups", async () => {
    await withExport(PEOPLE, ({ run, read, out }) => {
      const { code, said } = run(FILES, PSEUDONYMOUS);
      assert.equal(code, 0);
      const text = read("out/directory.json");
      const named =
        /Ada|Lindqvist|lindqvist|Bruno|Keller|Chlo|chloe|Dubois|Secrets|person\.\d|vanity|4000-8000/;
      assert.doesNotMatch(text.replaceAll(id(101), ""), named);
      assert.ok(
        said.includes("Can be singled out: 1 person whose department and groups together nobody else has"),
      );
      const { employees, domain } = loadDirectory(out);
      assert.equal(domain, "xyz.example");
      assert.deepEqual(employees.map(({ department, groups }) => [department, ...groups]).toSorted(), [
        ["Engineering", "SG-VPN"],
        ["Engineering", "SG-VPN"],
        ["Legal"],
      ]);
    });
  });

  it("orders people by pseudonym, so that the export's order tells nothing", async () => {
    const people = Array.from({ length: 20 }, (_, number) => `person.${number}@xyz.example,SG-VPN`);
    await withExport({ "people.csv": ["email,groups", ...people].join("\n") }, ({ run, out }) => {
      run(["people.csv"], PSEUDONYMOUS);
      const ids = loadDirectory(out).employees.map((employee) => employee.id);
      assert.deepEqual(ids, ids.toSorted());
    });
  });

  it("gives other pseudonyms each time without a key, and the same with one", async () => {
    await withExport(PEOPLE, ({ run, read, write, path, folder }) => {
      const once = (words: readonly string[], env?: Record<string, string>) => {
        assert.equal(run(FILES, [...PSEUDONYMOUS, ...words], env).code, 0);
        return read("out/directory.json");
      };
      assert.notEqual(once([]), once([]));
      write({ key: `${KEY}\n` });
      const first = once(["--key-file", path("key")]);
      assert.equal(once(["--key-file", path("key")]), first);
      assert.equal(once([], { DIRECTORY_PSEUDONYM_KEY: KEY }), first);
      assert.notEqual(once([], { DIRECTORY_PSEUDONYM_KEY: `${KEY}0` }), first);
      assert.ok(!first.includes(KEY) && !first.includes(folder));
    });
  });

  it("lets no names join pseudonyms in one file", async () => {
    const partner = { "partner.csv": "email,groups\nzoe@partner.example,SG-VPN\n" };
    await withExport({ ...PEOPLE, ...partner }, ({ run, read }) => {
      run(FILES, PSEUDONYMOUS);
      const before = read("out/directory.json");
      const words = ["--directory", "partner.onmicrosoft.com"];
      assert.throws(() => run(["partner.csv"], words), {
        message: /are pseudonyms, and this import would put names beside them\. Give --pseudonymous too\.$/,
      });
      assert.equal(read("out/directory.json"), before);
      assert.equal(run(["partner.csv"], [...words, ...PSEUDONYMOUS]).code, 0);
    });
  });

  it("knows a person by email alone, whichever export it is", async () => {
    const files = { ...PEOPLE, "people.csv": "email,groups\nADA.lindqvist@xyz.example,SG-VPN\n" };
    await withExport(files, ({ run, out }) => {
      const env = { DIRECTORY_PSEUDONYM_KEY: KEY };
      run(["people.csv"], PSEUDONYMOUS, env);
      const wanted = loadDirectory(out).employees[0];
      run(FILES, PSEUDONYMOUS, env);
      assert.ok(
        loadDirectory(out).employees.some(
          ({ id: one, email }) => one === wanted?.id && email === wanted.email,
        ),
      );
    });
  });

  it("refuses a key beside the file, a short one, two, and one that cannot be read", async () => {
    await withExport(PEOPLE, ({ run, write, path }) => {
      mkdirSync(path("out"));
      write({ "out/key": KEY, short: "secret", key: KEY });
      const refuses = (words: readonly string[], env: Record<string, string>, message: RegExp) =>
        assert.throws(() => run(FILES, [...PSEUDONYMOUS, ...words], env), { name: "UserError", message });
      refuses(["--key-file", path("out/key")], {}, /^The key .* lies beside the file that is written/);
      refuses(
        ["--key-file", path("short")],
        {},
        /^The key in .*short has fewer than 32 characters\. Make one by: openssl/,
      );
      refuses(
        [],
        { DIRECTORY_PSEUDONYM_KEY: "" },
        /^The key in DIRECTORY_PSEUDONYM_KEY has fewer than 32 characters/,
      );
      refuses(["--key-file", path("none")], {}, /^The key file .* cannot be read \(ENOENT\)/);
      refuses(["--key-file", path("key")], { DIRECTORY_PSEUDONYM_KEY: KEY }, /^The key is given twice/);
    });
  });
});
