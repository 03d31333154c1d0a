import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { deployConfiguration, signInTo } from "./support/configuration.ts";
import { withPersonalCopy } from "./support/personal-copy.ts";
import { CHECKOUT } from "./support/sample.ts";

const page = readFileSync(join(CHECKOUT, "docs/make-it-yours.md"), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block]) => block ?? "");
/** "NAME's ID token for `APPLICATION`" */
const tokens = [...page.matchAll(/^(\w+ \w+)'s ID token for `([\w-]+)`/gm)].map(
  ([, person, application]) => ({
    person: person ?? "",
    application: application ?? "",
  }),
);

describe("docs/make-it-yours.md", function () {
  this.timeout(120_000);

  it("leads from a fresh clone to a company's, whose employees have the tokens that it shows", async function () {
    if (process.platform === "win32") this.skip();
    const [directory = "", ...shown] = blocks("json");
    const contracts = blocks("yaml").filter((block) => block.includes("access.schema.json"));
    const policies = blocks("yaml").filter((block) => !contracts.includes(block));
    assert.deepEqual([policies.length, shown.length, tokens.length, contracts.length], [2, 2, 2, 1]);
    await withPersonalCopy(async (copy) => {
      const file = join(copy.root, "Pulumi.dev.yaml");
      for (const commands of blocks("sh").filter((block) => !block.startsWith("npm "))) {
        execFileSync("sh", ["-e", "-c", commands], { cwd: copy.root });
      }
      assert.deepEqual(
        readdirSync(copy.root).filter((name) => /former|^Pulumi/.test(name)),
        ["Pulumi.dev.yaml", "Pulumi.yaml"],
      );
      assert.doesNotMatch(readFileSync(file, "utf8"), /xyz|workforce-sso|00000000/i);
      copy.employ(JSON.parse(directory));
      for (const [index, policy] of policies.entries()) {
        const document = parse(readFileSync(file, "utf8")) as { config: object };
        const config = { ...document.config, ...(parse(policy) as object) };
        writeFileSync(file, stringify({ ...document, config }));
        const { person, application } = tokens[index] ?? { person: "", application: "" };
        const expected = JSON.parse(shown[index] ?? "") as Record<string, unknown>;
        const deployed = await deployConfiguration(copy.root, "Pulumi.dev.yaml");
        try {
          const claims = await signInTo(deployed, application, String(expected["email"]));
          const picked = Object.fromEntries(Object.keys(expected).map((name) => [name, claims[name]]));
          assert.deepEqual(picked, expected);
          assert.equal(claims["name"], person);
        } finally {
          await deployed.close();
        }
      }
      writeFileSync(join(copy.root, "access.yaml"), contracts.join(""));
      const specs = ["test/configurations.process.spec.ts", "test/contracts.process.spec.ts"];
      const { failed, passed, printed } = await copy.run(...specs);
      assert.deepEqual(failed, []);
      assert.equal(passed.length, 4, printed);
      assert.equal(existsSync(join(copy.root, ".local")), false);
    });
  });
});
