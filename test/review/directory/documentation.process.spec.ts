import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { groupsOf, loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { COLUMNS } from "../../../review/directory/formats/csv.ts";
import { CHECKOUT, copyCheckout } from "../../support/sample.ts";
import { graphUser, id, NEXT, withExport } from "./support.ts";

const page = readFileSync(join(CHECKOUT, "docs/directory.md"), "utf8");
const block = (language: string, holding: string) => {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => text ?? "",
  );
  const found = blocks.find((text) => text.includes(holding));
  assert.ok(found !== undefined, `docs/directory.md has no ${language} block with ${holding}`);
  return found;
};

const graph = "https://graph.microsoft.com/v1.0";
const members = (number: number) => `${graph}/groups/${id(number)}/members?$select=id&$top=999`;
/** What Microsoft Graph answers, two elements a page at most. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  [`${graph}/users?$select=id,mail,userPrincipalName,displayName,givenName,surname,department,jobTitle,accountEnabled&$top=999`]:
    {
      ...NEXT,
      value: [graphUser(1), graphUser(2)],
    },
  [NEXT["@odata.nextLink"]]: { value: [graphUser(3)] },
  [`${graph}/groups?$select=id,displayName&$top=999`]: {
    value: [
      { id: id(101), displayName: "Engineering" },
      { id: id(102), displayName: "Everybody" },
    ],
  },
  [members(101)]: { value: [{ "@odata.type": "#microsoft.graph.user", id: id(3) }] },
  [members(102)]: { value: [{ "@odata.type": "#microsoft.graph.group", id: id(101) }] },
};

/** Puts an `az` on the PATH that answers as Microsoft Graph would, and prints as the real one does. */
function fakeAz(folder: string, answers: Readonly<Record<string, unknown>>): string {
  mkdirSync(folder);
  const file = join(folder, "az");
  const script = `const answers = ${JSON.stringify(answers)};
const [, , rest, , method, , url] = process.argv;
const answer = rest === "rest" && method === "get" ? answers[url] : undefined;
if (answer === undefined) { process.stderr.write("Not found: " + url); process.exit(1); }
process.stdout.write(JSON.stringify({ "@odata.context": "x", ...answer }, null, 2) + "\\n");`;
  writeFileSync(file, `#!${process.execPath}\n${script}\n`);
  chmodSync(file, 0o700);
  return `${folder}${delimiter}${process.env["PATH"] ?? ""}`;
}

describe("docs/directory.md", () => {
  const runGraphLines = (
    answers: Readonly<Record<string, unknown>>,
    look: (result: { status: number | null; stderr: string; root: string }) => void,
  ) =>
    withTemporaryFolder((folder) => {
      const root = join(folder, "checkout");
      copyCheckout(root);
      const PATH = fakeAz(join(folder, "bin"), answers);
      const script = block("sh", "az rest").replace(/^rm .*\n/m, "");
      const { status, stderr } = spawnSync("sh", ["-c", script], {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, PATH },
      });
      look({ status, stderr, root });
    });

  it("has lines for a shell that export all of Entra ID's people, pages and groups in groups", async function () {
    if (process.platform === "win32") this.skip();
    this.timeout(60_000);
    await runGraphLines(ANSWERS, ({ status, stderr, root }) => {
      assert.deepEqual([status, stderr], [0, ""]);
      const directory = loadDirectory(join(root, ".local/directory.json"));
      assert.deepEqual(
        directory.employees.map((employee) =>
          groupsOf(directory, employee, { nested: true }).map(({ name }) => name),
        ),
        [[], [], ["Engineering", "Everybody"]],
      );
    });
  });

  it("has lines that end in a refusal where a request in the middle of them fails", async function () {
    if (process.platform === "win32") this.skip();
    this.timeout(60_000);
    const answers = Object.fromEntries(Object.entries(ANSWERS).filter(([url]) => url !== members(102)));
    await runGraphLines(answers, ({ status, stderr, root }) => {
      assert.equal(status, 1);
      assert.match(stderr, /members\.json:\d+: it is an error of Microsoft Graph: "az rest failed"/);
      assert.equal(existsSync(join(root, ".local/directory.json")), false);
    });
  });

  it("asks Auth0 for the fields that the import reads, and shows CSV that it takes", async () => {
    const { fields } = JSON.parse(block("json", "user_id")) as { fields: readonly { name: string }[] };
    const values: Readonly<Record<string, unknown>> = {
      user_id: `waad|azure-ad|${id(7)}`,
      email: "g@xyz.example",
      name: "G",
      given_name: "Given",
      family_name: "Family",
      department: "Department",
      job_title: "Title",
      groups: ["SG-VPN"],
      blocked: false,
    };
    assert.deepEqual(
      fields.map(({ name }) => name),
      Object.keys(values),
    );
    const files = { "users.json": `${JSON.stringify(values)}\n`, "people.csv": block("csv", "email") };
    await withExport(files, ({ run, out }) => {
      assert.equal(run(Object.keys(files)).code, 0);
      const [first, ...others] = loadDirectory(out).employees;
      assert.deepEqual(first, {
        id: id(7),
        email: "g@xyz.example",
        name: "G",
        givenName: "Given",
        familyName: "Family",
        department: "Department",
        jobTitle: "Title",
        groups: ["SG-VPN"],
      });
      assert.deepEqual(
        others.map(({ name, groups }) => [name, ...groups]),
        [
          ["Ada Lindqvist", "SG-VPN", "Platform Engineers"],
          ["Keller, Bruno", "SG-VPN"],
        ],
      );
    });
  });

  it("names every column of CSV", () => {
    const part = page.slice(page.indexOf("## From CSV"), page.indexOf("## What is written"));
    const [head = ""] = block("csv", "email").split("\n");
    const named = [...head.split(","), ...[...part.matchAll(/`([A-Za-z]+)`/g)].map(([, name]) => name ?? "")];
    assert.deepEqual(
      COLUMNS.filter((column) => !named.includes(column)),
      [],
    );
  });
});
