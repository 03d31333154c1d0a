import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { linkModules } from "../../../review/against/modules.ts";

/** Writes down what it is told and finds, and installs one file. */
const NPM = `#!${process.execPath}
const fs = require("node:fs");
fs.appendFileSync(process.env.CALLS, process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("fail")) { console.error("npm error code E404\\nnpm error 404 no such package"); process.exit(1); }
const found = ["package.json", "package-lock.json", "packages/tool/package.json"].filter((name) => fs.existsSync(name));
fs.mkdirSync("node_modules");
fs.writeFileSync("node_modules/found", found.join(" ") + (process.env.npm_package_name ?? ""));
`;
const LOCK = {
  packages: { "": {}, "packages/tool": {}, "node_modules/a": {}, "node_modules/tool": { link: true } },
};

describe("the packages of a commit", () => {
  it("are those of the working tree where the lock files are equal, or where the commit has none", async function () {
    if (process.platform === "win32") this.skip();
    await withFolders(async ({ root, tree, link, calls }) => {
      write(join(root, "node_modules", "mine"), "");
      write(join(root, "package-lock.json"), "one");
      write(join(tree, "package-lock.json"), "one");
      await link();
      assert.equal(realpathSync(join(tree, "node_modules")), realpathSync(join(root, "node_modules")));
      rmSync(join(tree, "node_modules"));
      rmSync(join(tree, "package-lock.json"));
      await link();
      assert.ok(existsSync(join(tree, "node_modules", "mine")));
      assert.equal(calls(), "");
    });
  });

  it("are installed once, without scripts, where the lock files are unequal", async function () {
    if (process.platform === "win32") this.skip();
    await withFolders(async ({ root, tree, link, calls, said }) => {
      write(join(root, "package-lock.json"), "one");
      write(join(tree, "package-lock.json"), JSON.stringify(LOCK));
      write(join(tree, "package.json"), "{}");
      write(join(tree, "packages", "tool", "package.json"), "{}");
      await link();
      const found = readFileSync(join(tree, "node_modules", "found"), "utf8");
      assert.equal(found, "package.json package-lock.json packages/tool/package.json");
      assert.equal(calls(), "ci --ignore-scripts --no-audit --no-fund --loglevel=error\n");
      assert.equal(said.length, 1);
      rmSync(join(tree, "node_modules"));
      await link();
      assert.ok(existsSync(join(tree, "node_modules", "found")));
      assert.equal(calls().split("\n").length, 2, "npm was not asked again");
    });
  });

  it("leave nothing in the cache that is not whole, and say in one line why not", async function () {
    if (process.platform === "win32") this.skip();
    await withFolders(async ({ tree, link, cache }) => {
      write(join(tree, "package-lock.json"), JSON.stringify({ packages: { "": {}, fail: {} } }));
      // The stand-in for npm fails where it finds this, which is copied as the manifest of a linked folder
      // would be.
      write(join(tree, "fail", "package.json"), "{}");
      await assert.rejects(
        link(),
        /^UserError: npm ci cannot install the packages of its lock file: 404 no such package\.$/,
      );
      assert.deepEqual(readdirSync(join(cache, "workforce-sso", "claims-modules")), []);
    });
  });
});

interface Folders {
  readonly root: string;
  readonly tree: string;
  readonly cache: string;
  readonly said: string[];
  readonly link: () => Promise<void>;
  /** What npm was called with. */
  readonly calls: () => string;
}

function withFolders(body: (folders: Folders) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const [root = "", tree = "", cache = "", bin = ""] = ["root", "tree", "cache", "bin"].map((name) =>
      join(folder, name),
    );
    for (const each of [root, tree, cache, bin]) mkdirSync(each);
    writeFileSync(join(bin, "npm"), NPM);
    chmodSync(join(bin, "npm"), 0o755);
    const file = join(folder, "calls");
    const said: string[] = [];
    const env = {
      PATH: `${bin}${delimiter}${process.env["PATH"]}`,
      XDG_CACHE_HOME: cache,
      CALLS: file,
      npm_package_name: "the-working-tree",
    };
    await body({
      ...{ root, tree, cache, said },
      link: () => linkModules(root, tree, { env, say: (text) => void said.push(text) }),
      calls: () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
    });
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
