import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../support/sample.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";

const PROGRAM = `import { readFileSync } from "node:fs";
import { word } from "./word.ts";
const file: string = readFileSync(new URL("./beside.txt", import.meta.url), "utf8");
if (process.argv[2] === "fail") throw new Error("thrown");
if (process.argv[2] === "stack") process.stderr.write(String(codeError().stack));
function codeError() { try { return new URL("no") as never; } catch (error) { return error as Error; } }
console.log(word, file, import.meta.dirname.length > 0, process.argv.slice(2).join());
process.exitCode = process.argv.length;
`;

/** A checkout with the launcher and one small program, whose packages are this project's. */
class Checkout {
  readonly root: string;
  readonly cache: string;

  constructor(root: string) {
    this.root = root;
    this.cache = join(root, "node_modules", ".cache", "workforce-sso");
  }

  static make(root: string): Checkout {
    const checkout = new Checkout(root);
    cpSync(join(CHECKOUT, "local", "launch"), join(root, "local", "launch"), { recursive: true });
    mkdirSync(join(root, "node_modules"));
    for (const name of ["esbuild", "@esbuild", "tsx", "get-tsconfig", "resolve-pkg-maps"]) {
      const real = join(CHECKOUT, "node_modules", name);
      symlinkSync(real, join(root, "node_modules", name));
    }
    writeFileSync(join(root, "package.json"), '{"type":"module"}');
    checkout.write("program.ts", PROGRAM);
    checkout.write("beside.txt", "beside");
    checkout.say("one");
    return checkout;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.root, name), text);
  }

  /** Changes a source, and lets its time be one from before the next start. */
  say(word: string): void {
    this.write("word.ts", `export const word: string = ${JSON.stringify(word)};\n`);
  }

  run(...args: string[]) {
    const env = { ...process.env, NODE_V8_COVERAGE: undefined };
    const words = ["local/launch/main.mjs", "program.ts", ...args];
    return spawnSync(process.execPath, words, { cwd: this.root, encoding: "utf8", env });
  }

  kept(): string[] {
    return readdirSync(this.cache).filter((name) => name.endsWith(".mjs"));
  }
}

async function withCheckout(body: (checkout: Checkout) => void | Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => body(Checkout.make(join(folder, "checkout"))));
}

/** Whether a start does without what makes bundles. */
function runsFromCache(checkout: Checkout): boolean {
  const esbuild = join(checkout.root, "node_modules", "esbuild");
  renameSync(esbuild, `${esbuild}-away`);
  const tsx = join(checkout.root, "node_modules", "tsx");
  renameSync(tsx, `${tsx}-away`);
  const { status } = checkout.run();
  renameSync(`${esbuild}-away`, esbuild);
  renameSync(`${tsx}-away`, tsx);
  return status === 2;
}

describe("the launcher of programs", function () {
  this.timeout(60_000);

  it("runs a program with its words and its exit code, and from then on without reading its sources", () =>
    withCheckout((checkout) => {
      const { stdout, stderr, status } = checkout.run("a", "b c");
      assert.deepEqual([stdout, stderr, status], ["one beside true a,b c\n", "", 4]);
      assert.equal(checkout.kept().length, 1);
      assert.equal(runsFromCache(checkout), true);
    }));

  it("notices that a source was changed, and keeps no more than the bundle before", () =>
    withCheckout((checkout) => {
      for (const word of ["one", "two", "six", "ten"]) {
        checkout.say(word);
        assert.match(checkout.run().stdout, new RegExp(`^${word} `));
      }
      assert.equal(checkout.kept().length, 2);
    }));

  it("makes a bundle anew where it or its record is damaged", () =>
    withCheckout((checkout) => {
      checkout.run();
      const [bundle = ""] = checkout.kept();
      truncateSync(join(checkout.cache, bundle), 100);
      assert.match(checkout.run().stdout, /^one /);
      for (const record of readdirSync(checkout.cache).filter((name) => name.endsWith(".json"))) {
        writeFileSync(join(checkout.cache, record), "{");
      }
      assert.match(checkout.run().stdout, /^one /);
      assert.equal(runsFromCache(checkout), true);
    }));

  it("runs the sources where nothing can be kept", () =>
    withCheckout((checkout) => {
      writeFileSync(join(checkout.root, "node_modules", ".cache"), "a file in the place of the folder");
      const { stdout, status } = checkout.run("a");
      assert.deepEqual([stdout, status], ["one beside true a\n", 3]);
    }));

  it("uses one bundle for checkouts with the same files and packages, each with places of its own", () =>
    withCheckout((checkout) => {
      checkout.run();
      const moved = new Checkout(`${checkout.root} moved`);
      renameSync(checkout.root, moved.root);
      moved.write("beside.txt", "moved");
      const other = Checkout.make(checkout.root);
      rmSync(join(other.root, "node_modules"), { recursive: true });
      symlinkSync(join(moved.root, "node_modules"), join(other.root, "node_modules"));
      assert.equal(runsFromCache(moved), true);
      for (let round = 0; round < 2; round++) {
        assert.match(moved.run().stdout, /^one moved /);
        assert.match(other.run().stdout, /^one beside /);
      }
      assert.equal(other.kept().length, 1);
      other.say("two");
      for (let round = 0; round < 2; round++) {
        assert.match(moved.run().stdout, /^one moved /);
        assert.match(other.run().stdout, /^two beside /);
      }
      assert.equal(other.kept().length, 2);
    }));

  it("forgets the bundles of a checkout that is gone", () =>
    withCheckout((checkout) => {
      checkout.run();
      const copies = ["two", "six", "ten"].map((word) => {
        const copy = Checkout.make(`${checkout.root} ${word}`);
        rmSync(join(copy.root, "node_modules"), { recursive: true });
        symlinkSync(join(checkout.root, "node_modules"), join(copy.root, "node_modules"));
        copy.say(word);
        assert.match(copy.run().stdout, new RegExp(`^${word} `));
        return copy;
      });
      assert.equal(checkout.kept().length, 4);
      for (const { root } of copies) rmSync(root, { recursive: true });
      checkout.say("new");
      checkout.run();
      assert.equal(checkout.kept().length, 2);
      assert.equal(readdirSync(checkout.cache).filter((name) => name.endsWith(".json")).length, 1);
    }));

  it("lets several starts at once each make the bundle, and leaves nothing else behind", () =>
    withCheckout(async ({ root, cache }) => {
      const starts = [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, ["local/launch/main.mjs", "program.ts"], { cwd: root });
        const [code] = (await once(child, "close")) as [number];
        return code;
      });
      assert.deepEqual(await Promise.all(starts), [2, 2, 2]);
      const ends = readdirSync(cache).map((name) => name.replace(/^.*?(?=\.)/, ""));
      assert.deepEqual(ends.filter((end) => end !== ".mjs.compiled").sort(), [".json", ".mjs", ".mjs.map"]);
    }));

  it("shows the lines of the TypeScript in a stack, and those of a source that cannot be read", () =>
    withCheckout((checkout) => {
      assert.match(checkout.run("stack").stderr, /^TypeError \[ERR_INVALID_URL\]: Invalid URL\n +at /);
      assert.match(checkout.run("fail").stderr, /Error: thrown\n +at .*checkout\/program\.ts:4:39/);
      checkout.write("word.ts", "export const word = ;");
      assert.match(checkout.run().stderr, /word\.ts:1:20: ERROR/);
    }));

  it("leaves no process of the bundler behind", function () {
    if (process.platform !== "linux") return this.skip();
    return withCheckout((checkout) => {
      checkout.write(
        "program.ts",
        'import { readFileSync } from "node:fs";\nimport { setTimeout } from "node:timers/promises";\n' +
          'const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");\n' +
          // It is told to end before the program begins, and may take a moment.
          'while (children() !== "") await setTimeout(5);\n',
      );
      assert.equal(checkout.run().status, 0);
    });
  });
});
