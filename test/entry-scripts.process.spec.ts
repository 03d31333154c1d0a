import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePreflightArguments } from "../local/preflight/arguments.ts";
import { parseArguments } from "../local/start/arguments.ts";
import { refusedCommand } from "../local/start/refused-commands.ts";
import { parseOptions } from "../packages/local-tenant/src/cli/options.ts";
import { UserError } from "../packages/local-tenant/src/lib/errors.ts";
import { parseArguments as parseBenchArguments } from "./bench/arguments.ts";

/** Words that every object answers to in JavaScript, and that no command is called by. */
const WORDS = ["toString", "__proto__", "constructor", "hasOwnProperty", "valueOf"];

const ROOT = join(import.meta.dirname, "..");
const SCRIPTS: readonly [file: string, code: number][] = [
  ["local/start/main.ts", 1],
  ["local/preflight/main.ts", 2],
  ["local/start/pulumi.ts", 1],
  ["local/start/get-cli.ts", 2],
  ["local/start/tenant.ts", 2],
  ["packages/local-tenant/src/cli/main.ts", 2],
  ["test/bench/run.ts", 1],
  ["test/clients/run.ts", 2],
  ["test/mutation/run.ts", 2],
  ["test/picture/make.ts", 2],
];

describe("a word that no command knows", function () {
  this.timeout(60_000);

  for (const [file, code] of SCRIPTS) {
    it(`is answered in one line by ${file}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "workforce-sso-words-"));
      try {
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          ["--import", "tsx", file, "toString"],
          {
            cwd: ROOT,
            encoding: "utf8",
            env: { ...process.env, WORKFORCE_SSO_LOCAL: folder },
          },
        );
        assert.match(stderr, /^(?!.*bug of the project)[^\n]+\n$/);
        assert.deepEqual([status, stdout], [code, ""], stderr);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  for (const word of WORDS) {
    it(`is a mistake of the person also when it is ${word}`, () => {
      for (const parse of [parseArguments, parsePreflightArguments, parseBenchArguments, parseOptions]) {
        for (const args of [[word], [`--${word}`], [`--${word}=x`]]) {
          assert.throws(
            () => parse(args),
            (error) => error instanceof UserError && !error.message.includes("\n"),
            `${parse.name} ${args.join(" ")}`,
          );
        }
      }
      const options = { root: ROOT, project: "workforce-sso", env: {} };
      assert.equal(refusedCommand([word], options), undefined);
      assert.equal(refusedCommand(["config", word], options), undefined);
      assert.equal(refusedCommand(["stack", word], options), undefined);
    });
  }
});
