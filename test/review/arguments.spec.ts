import assert from "node:assert/strict";
import { HELP, parseReviewArguments } from "../../review/arguments.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";

describe("the command line of npm run claims", () => {
  it("has defaults for everything", () => {
    assert.deepEqual(parseReviewArguments([]), {
      command: { name: "claims" },
      stack: "dev",
      format: "text",
      exitCode: false,
      help: false,
    });
  });

  it("reads every flag", () => {
    const words = ["--against", "main", "--stack=prod", "--directory", "a b.json", "--csv", "--exit-code"];
    assert.deepEqual(parseReviewArguments(words), {
      command: { name: "claims" },
      stack: "prod",
      directory: "a b.json",
      format: "csv",
      against: "main",
      exitCode: true,
      help: false,
    });
    assert.equal(parseReviewArguments(["-h"]).help, true);
  });

  it("reads a command's words, before flags, between them and after", () => {
    for (const words of [
      "why ada@xyz.example portal --stack prod --json",
      "--stack prod why ada@xyz.example --json portal",
      "--json --stack=prod why ada@xyz.example portal",
    ]) {
      assert.deepEqual(parseReviewArguments(words.split(" ")), {
        command: { name: "why", person: "ada@xyz.example", application: "portal" },
        stack: "prod",
        format: "json",
        exitCode: false,
        help: false,
      });
    }
    assert.equal(parseReviewArguments(["why", "--help"]).help, true);
    const checking = parseReviewArguments(["check", "--access", "a.yaml", "--against", "main"]);
    assert.deepEqual([checking.command, checking.against], [{ name: "check", access: "a.yaml" }, "main"]);
  });

  it("reads what a comment is made of", () => {
    const words = ["comment", "--against", "main", "--people", "--out", "a b"];
    const command = { name: "comment", against: "main", people: true, out: "a b" };
    assert.deepEqual(parseReviewArguments(words).command, command);
  });

  for (const [words, message] of [
    ["--agianst main", /^There is no flag --agianst\. Did you mean --against\?/],
    ["--frobnicate", /^There is no flag --frobnicate\. npm run claims/],
    ["main", /^There is no command "main"\. There is check, comment, why/],
    ["coment --against main", /^There is no command "coment"\. Did you mean comment\?/],
    ["comment", /^comment says what is different.*--against REF/],
    ["comment main --against main", /^comment takes no words, and got 1\./],
    ["comment --against main --json", /^--json means nothing to comment\./],
    ["comment --against main --out", /^--out needs the path of a folder/],
    ["--against main --people", /^--people means nothing to the table\./],
    ["wy ada@xyz.example portal", /^There is no command "wy"\. Did you mean why\?/],
    ["check --csv", /^--csv means nothing to check\./],
    ["check --access", /^--access needs the path of a file of contracts\./],
    ["--access a.yaml", /^--access means nothing to the table\./],
    ["why ada@xyz.example", /^why takes EMAIL and APPLICATION, and got 1\./],
    ["why a b c", /^why takes EMAIL and APPLICATION, and got 3\./],
    ["why ada@xyz.example portal --against main", /^--against means nothing to why\./],
    ["why ada@xyz.example portal --csv", /^--csv means nothing to why\./],
    ["--against", /^--against needs a git ref/],
    ["--against --json", /^--against needs a git ref/],
    ["--json=yes", /^--json takes no value, and got "yes"/],
    ["--json --csv", /^--json and --csv exclude each other/],
    ["--exit-code", /^--exit-code tells a difference.*--against REF/],
    ["--stack ../x", /^--stack needs the name of a stack/],
  ] as const) {
    it(`refuses in one line: ${words}`, () => {
      assert.throws(
        () => parseReviewArguments(words.split(" ")),
        (error: unknown) =>
          error instanceof UserError && message.test(error.message) && !error.message.includes("\n"),
      );
    });
  }

  it("says each flag in its help", () => {
    for (const flag of ["against", "stack", "directory", "json", "csv", "markdown", "exit-code", "help"]) {
      assert.match(HELP, new RegExp(`^  --${flag}\\b`, "m"));
    }
  });
});
