import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { environmentText, readEnvironmentText } from "../../src/lib/environment-file.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const AWKWARD = {
  PLAIN: "localhost:8443",
  EMPTY: "",
  SINGLE: "it's 'quoted'",
  DOUBLE: 'say "hello"',
  DOLLAR: "$HOME ${HOME} $(id) `id`",
  HASH: "# a #b c#d",
  SPACES: "  two  words\t",
  LINES: "first\nexport PLAIN=other\n\nlast\n",
  BACKSLASH: "a\\b\\\\ \\n \\'",
  REST: "a;b&c|d>e<f(g)*?[h]!~%=^,é",
};

describe("an environment file", () => {
  for (const exported of [true, false]) {
    it(`is read back as it was written, ${exported ? "with" : "without"} export`, () => {
      assert.deepEqual(
        Object.fromEntries(readEnvironmentText(environmentText(AWKWARD, { exported }))),
        AWKWARD,
      );
    });

    it(`gives a shell the same, ${exported ? "with" : "without"} export`, async function () {
      if (process.platform === "win32") this.skip();
      await withTemporaryFolder((folder) => {
        const file = join(folder, "environment");
        writeFileSync(file, environmentText(AWKWARD, { exported }));
        const print = `console.log(JSON.stringify(process.env))`;
        const script = `${exported ? "" : "set -a; "}. "$1"; exec "$2" -e '${print}'`;
        const args = ["-euc", script, "sh", file, process.execPath];
        const seen = JSON.parse(execFileSync("/bin/sh", args, { encoding: "utf8", env: {} })) as object;
        for (const [name, value] of Object.entries(AWKWARD)) {
          assert.equal((seen as Record<string, string>)[name], value, name);
        }
      });
    });
  }

  it("is read back whatever the values are", () => {
    const character = fc.constantFrom(
      "'",
      '"',
      "\\",
      "$",
      "#",
      " ",
      "\n",
      "=",
      "A",
      "export ",
      "`",
      ";",
      "ü",
    );
    const values = fc.dictionary(
      fc.constantFrom("A", "B", "C_1"),
      fc.array(character).map((parts) => parts.join("")),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(values, fc.boolean(), (variables, exported) => {
        const read = readEnvironmentText(environmentText(variables, { exported }));
        assert.deepEqual(Object.fromEntries(read), variables);
      }),
    );
  });

  it("may be a person's own: plain, in double quotes, with comments, the last line for a variable counting", () => {
    const text = `# A=no\nA=first\nexport A=localhost:1 # why\n B="two \\"words\\" \\$5"\nC=a\\ b'c d'"e f"\nD=$HOME\nE="$A"\nunset F\n`;
    assert.deepEqual(
      [...readEnvironmentText(text)],
      [
        ["A", "localhost:1"],
        ["B", 'two "words" $5'],
        ["C", "a bc de f"],
      ],
    );
  });
});
