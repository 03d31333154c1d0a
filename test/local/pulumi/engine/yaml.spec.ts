import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../../../../local/pulumi/engine/yaml.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";

async function complaint(text: string): Promise<string> {
  return withTemporaryFolder((folder) => {
    const file = join(folder, "Pulumi.dev.yaml");
    writeFileSync(file, text);
    try {
      readYaml(file);
    } catch (error) {
      assert.ok(error instanceof Error && error.name === "UserError");
      assert.equal(error.message.split("\n").length, 1);
      assert.ok(error.message.startsWith(file), error.message);
      return error.message.slice(file.length);
    }
    throw new Error("It was accepted.");
  });
}

describe("readYaml", () => {
  for (const [text, expected] of [
    ["config:\n  a: b\n c: d\n", /^:3:1 is not YAML: expected the line to be indented like the others/],
    ["config:\n\ta: b\n", /^:2:1 is not YAML: expected spaces and not a tab/],
    ["config:\n  a: [1, 2\n  b: c\n", /^:3:3 is not YAML: expected the closing ] before this line/],
    ["config:\n  a: 'x\n  b: c\n", /^:4:1 is not YAML: expected the closing quote/],
    ["config:\n  a: 1\n  a: 2\n", /^:3:3 is not YAML: expected each key once/],
    ["config:\n  a: b: c\n", /^:2:6 is not YAML: expected one value after the key/],
    ["config:\n  applications\n    - name: x\n", /^:2:3 is not YAML: expected a colon after the key/],
    ["config:\n  a: 1\n  b\n", /^:3:3 is not YAML: expected a colon and a value after the key/],
    ["a: @foo\n", /^:1:4 is not YAML: expected quotes around a value/],
    ["a: 1\n---\nb: 2\n", /^:2:1 is not YAML: expected one document/],
    ["a: }\n", /^:1:4 is not YAML: Unexpected flow-map-end/],
    ["a: *x\n", /^ is not YAML: Unresolved alias/],
    ["", /^:1:1 is not a map of keys: expected a line such as "config:"/],
    ["- a\n", /^:1:1 is not a map of keys/],
  ] as const) {
    it(`names the line of ${JSON.stringify(text)} and what was expected there`, async () => {
      assert.match(await complaint(text), expected);
    });
  }

  it("names a file that is not there", () => {
    assert.throws(
      () => readYaml("/nowhere/Pulumi.yaml"),
      /^UserError: \/nowhere\/Pulumi\.yaml cannot be read: ENOENT/,
    );
  });
});
