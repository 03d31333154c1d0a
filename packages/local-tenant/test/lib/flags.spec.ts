import assert from "node:assert/strict";
import { UsageError, UserError } from "../../src/lib/errors.ts";
import { parseWords, readFlags } from "../../src/lib/flags.ts";

const FLAGS = {
  once: { type: "boolean" },
  stack: { type: "string", short: "s", needs: "the name of a stack" },
  who: { type: "string", mayBeEmpty: true },
} as const;
const read = (...args: string[]) =>
  Object.fromEntries(readFlags(args, FLAGS, { help: "--help shows all.", stray: (word) => `No "${word}".` }));

describe("a command line of flags", () => {
  it("is read with its values, however they are given", () => {
    assert.deepEqual(read(), {});
    assert.deepEqual(read("--once", "--stack", "dev", "--who="), { once: "", stack: "dev", who: "" });
    assert.deepEqual(read("-s", "a"), { stack: "a" });
    assert.deepEqual(read("-sa"), { stack: "a" });
    assert.deepEqual(read("--stack=a=b"), { stack: "a=b" });
  });

  const refused: [string[], string][] = [
    [["--onec"], "There is no flag --onec. Did you mean --once? --help shows all."],
    [["--frobnicate"], "There is no flag --frobnicate. --help shows all."],
    [["-x"], "There is no flag -x. --help shows all."],
    [["--toString"], "There is no flag --toString. --help shows all."],
    [["--__proto__=1"], "There is no flag --__proto__. --help shows all."],
    [["--once=yes"], '--once takes no value, and got "yes".'],
    [["--stack"], "--stack needs the name of a stack. --help shows all."],
    [["-s"], "-s needs the name of a stack. --help shows all."],
    [["--stack="], "--stack needs the name of a stack. --help shows all."],
    [["--stack", "--once"], "--stack needs the name of a stack. --help shows all."],
    [["--who"], "--who needs a value. --help shows all."],
    [["dev"], 'No "dev". --help shows all.'],
    [["--", "--once"], 'No "--once". --help shows all.'],
  ];
  for (const [args, message] of refused) {
    it(`is refused in one line: ${args.join(" ")}`, () => {
      assert.throws(
        () => read(...args),
        (error) => error instanceof UserError && error.message === message,
      );
    });
  }
});

describe("a command line of words and flags", () => {
  it("is refused with the first sentence of what Node.js says", () => {
    assert.throws(
      () => parseWords({ args: ["word", "--no-such"], options: {}, allowPositionals: true }),
      (error) => error instanceof UsageError && error.message === "Unknown option '--no-such'.",
    );
  });
});
