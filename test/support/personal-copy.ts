import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { withCopy } from "./lent-copy.ts";
import { putSample, sampleStackFile } from "./sample.ts";

const MOCHA = join(createRequire(import.meta.url).resolve("mocha/package.json"), "..", "bin", "mocha.js");

/** Values of a stack's file by key without namespace; `undefined` removes one. */
export type Changes = Readonly<Record<string, unknown>>;

/** A test run in a copy, by title. */
export interface Run {
  readonly passed: readonly string[];
  /** Title and message of each test that failed. */
  readonly failed: readonly { readonly title: string; readonly message: string }[];
  readonly printed: string;
}

/** A fresh copy of the checkout that is being made a company's. */
export interface PersonalCopy {
  readonly root: string;
  /** Changes `Pulumi.STACK.yaml`, which begins as the sample's. */
  configure(changes: Changes, stack?: string): void;
  /** Adds top-level keys, such as `encryptionsalt`. */
  addTopLevel(values: Changes): void;
  /** Gives the project another name, in `Pulumi.yaml` and in every stack's file. */
  rename(name: string): void;
  /** Takes the place of `local/directory.json`. */
  employ(directory: unknown): void;
  /** Runs the specs with mocha in a process of their own. */
  run(...specs: string[]): Promise<Run>;
}

/**
 * Runs `body` with a copy that is as fresh from a clone: the sample company's configuration and employees.
 */
export async function withPersonalCopy<T>(body: (copy: PersonalCopy) => Promise<T>): Promise<T> {
  return withCopy(async (root) => {
    putSample(root);
    const rewrite = (
      stack: string,
      change: (document: Record<string, unknown>) => Record<string, unknown>,
    ) => {
      const file = join(root, `Pulumi.${stack}.yaml`);
      writeFileSync(file, stringify(change(readDocument(file)), { indentSeq: false }));
    };
    return body({
      root,
      configure: (changes, stack = "dev") =>
        rewrite(stack, (document) => ({ ...document, config: changed(document["config"], changes) })),
      addTopLevel: (values) => rewrite("dev", (document) => ({ ...values, ...document })),
      rename(name) {
        for (const file of readdirSync(root).filter((entry) => /^Pulumi.*\.yaml$/.test(entry))) {
          const text = readFileSync(join(root, file), "utf8");
          writeFileSync(join(root, file), text.replace(/^(name: | {2})workforce-sso\b/gm, `$1${name}`));
        }
      },
      employ: (directory) => writeFileSync(join(root, "local/directory.json"), JSON.stringify(directory)),
      run: (...specs) => runSpecs(root, specs),
    });
  });
}

/** A stack that is new begins with the sample's values. */
function readDocument(file: string): Record<string, unknown> {
  try {
    return parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    return parse(readFileSync(sampleStackFile, "utf8")) as Record<string, unknown>;
  }
}

function changed(config: unknown, changes: Changes): Record<string, unknown> {
  const named = Object.entries(changes).map(([key, value]) => [
    key.includes(":") ? key : `workforce-sso:${key}`,
    value,
  ]);
  return { ...(config as Record<string, unknown>), ...Object.fromEntries(named) } as Record<string, unknown>;
}

async function runSpecs(root: string, specs: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [MOCHA, "--reporter", "json-stream", ...specs], {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  await once(child, "close");
  const lines = printed.split("\n").filter((line) => /^\["(pass|fail)",/.test(line));
  const tests = lines.map((line) => JSON.parse(line) as [string, { fullTitle: string; err?: string }]);
  const ended = (how: string) => tests.flatMap(([kind, test]) => (kind === how ? [test] : []));
  return {
    passed: ended("pass").map(({ fullTitle }) => fullTitle),
    failed: ended("fail").map(({ fullTitle, err }) => ({ title: fullTitle, message: String(err) })),
    printed: `${printed}${complaints}`,
  };
}
