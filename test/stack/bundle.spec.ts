import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import type { ActionSettings } from "../../action/settings.ts";
import { bundleAction } from "../../stack/bundle.ts";
import { defaultSettings } from "../support/default-settings.ts";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

const goodHandler = "export async function onExecutePostLogin() {}";

describe("bundleAction", () => {
  const folders: string[] = [];

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** A folder with these files and a package.json, to bundle from. */
  function folderWith(files: Record<string, string>, dependencies: Record<string, string> = {}): string {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    folders.push(folder);
    const manifest = JSON.stringify({ name: "elsewhere", dependencies, devDependencies: { chalk: "5.0.0" } });
    for (const [name, content] of Object.entries({ "package.json": manifest, ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  }

  /** Bundles one entry point from a folder of its own. */
  function bundleSource(
    source: string,
    dependencies?: Record<string, string>,
    changes?: Partial<ActionSettings>,
  ) {
    const root = folderWith({ "action/post-login.ts": source }, dependencies);
    return bundleAction({ ...defaultSettings, ...changes }, { root });
  }

  it("builds the project's Action with the SDK's version of package.json", () => {
    const { code, dependencies } = bundleAction(defaultSettings);
    const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    assert.deepEqual(dependencies, [{ name: "auth0", version: manifest.dependencies["auth0"] }]);
    assert.match(code, /^exports\["onExecutePostLogin"\] = onExecutePostLogin;$/m);
  });

  // These limits are a decision: the Action can be read in the dashboard in one sitting, far below Auth0's
  // 100 kB. What makes it longer than this has to be worth raising them.
  it("stays small and readable: 18 kB at most with every source, 11 kB with those that need no call", () => {
    const all = bundleAction(defaultSettings).code;
    const free = bundleAction({ ...defaultSettings, groupSources: ["event", "directory-sync"] }).code;
    assert.ok(Buffer.byteLength(all) <= 18_000, String(Buffer.byteLength(all)));
    assert.ok(Buffer.byteLength(free) <= 11_000, String(Buffer.byteLength(free)));
    for (const code of [all, free]) {
      assert.ok(code.split("\n").length > Buffer.byteLength(code) / 50);
      // esbuild names each module, and keeps comments inside of expressions, where they say little to who
      // reads this.
      assert.deepEqual(code.match(/^\s*\/\/.*$/gm), null);
      assert.deepEqual(code.match(/^\t* +/gm), null);
    }
  });

  it("gives every export of the entry point, and nothing of esbuild's own", () => {
    const source = `${goodHandler} export const onContinuePostLogin = async () => {}; export { x as "odd name" }; const x = 1;`;
    const { code } = bundleSource(source);
    const module = { exports: {} as Record<string, unknown> };
    // SAFETY: the script is that one function.
    const load = runInThisContext(`(module, exports) => {${code}\n}`) as (...args: unknown[]) => void;
    load(module, module.exports);
    assert.deepEqual(Object.keys(module.exports).sort(), [
      "odd name",
      "onContinuePostLogin",
      "onExecutePostLogin",
    ]);
    assert.doesNotMatch(code, /__/);
  });

  it("gives the same bytes twice", () => {
    assert.equal(bundleAction(defaultSettings).code, bundleAction(defaultSettings).code);
  });

  it("names no folder of the machine", () => {
    assert.equal(bundleAction(defaultSettings).code.includes(projectRoot), false);
  });

  it("puts the defaultSettings in as data, whatever characters they have", () => {
    const hostile = "`${process.exit(1)}\"'\\</script>\u2028é";
    const source = `declare const ACTION_SETTINGS: { groupPolicy: { stripPrefix: string } };
      export async function onExecutePostLogin() { return ACTION_SETTINGS.groupPolicy.stripPrefix; }`;
    const { code } = bundleSource(source, {}, { groupPolicy: { stripPrefix: hostile } });
    const module = { exports: {} as { onExecutePostLogin: () => Promise<string> } };
    // SAFETY: the script is that one function.
    const load = runInThisContext(`(module, exports) => {${code}\n}`) as (...args: unknown[]) => void;
    load(module, module.exports);
    return module.exports.onExecutePostLogin().then((prefix) => assert.equal(prefix, hostile));
  });

  it("leaves the Management API's branch and its SDK out where no source needs them", () => {
    const { code, dependencies } = bundleAction({
      ...defaultSettings,
      groupSources: ["event", "directory-sync"],
    });
    assert.deepEqual(dependencies, []);
    assert.doesNotMatch(code, /require\(/);
    assert.doesNotMatch(code, /oauth\/token/);
  });

  it("has the check of the groups' age only where the defaultSettings set a limit", () => {
    assert.doesNotMatch(bundleAction(defaultSettings).code, /"federated"/);
    assert.doesNotMatch(bundleAction({ ...defaultSettings, groupsMaxAgeMinutes: 0 }).code, /"federated"/);
    assert.match(bundleAction({ ...defaultSettings, groupsMaxAgeMinutes: 60 }).code, /"federated"/);
  });

  it("changes no text whose lines look like the layout of code", () => {
    const text = "first\n// second\n    third\n";
    const { code } = bundleSource(`${goodHandler} export const text = \`${text}\`;`);
    assert.match(code, /^\/\/ second$/m);
    const module = { exports: {} as Record<string, unknown> };
    // SAFETY: the script is that one function.
    const load = runInThisContext(`(module, exports) => {${code}\n}`) as (...args: unknown[]) => void;
    load(module, module.exports);
    assert.equal(module.exports["text"], text);
  });

  it("knows a package by its name, scoped or by a subpath, and Node's own modules apart", () => {
    const source = `import { a } from "@scope/tool/sub"; import b from "plain/sub"; import { hash } from "node:crypto";
      import fs from "fs"; export async function onExecutePostLogin() { return [a, b, hash, fs]; }`;
    const { dependencies } = bundleSource(source, { plain: "2.0.0", "@scope/tool": "1.0.0-rc.1" });
    assert.deepEqual(dependencies, [
      { name: "@scope/tool", version: "1.0.0-rc.1" },
      { name: "plain", version: "2.0.0" },
    ]);
  });

  it("refuses a package that package.json does not declare, a development dependency included", () => {
    const source = `import chalk from "chalk"; export async function onExecutePostLogin() { return chalk; }`;
    assert.throws(() => bundleSource(source), /requires "chalk", .* run `npm install --save-exact chalk`/);
  });

  it("refuses a package whose version is not exact", () => {
    const source = `export async function onExecutePostLogin() { return require("lodash"); }`;
    assert.throws(
      () => bundleSource(source, { lodash: "^4.17.0" }),
      /declares as "\^4\.17\.0"; Auth0 needs one exact/,
    );
  });

  it("refuses more packages than Auth0 installs", () => {
    const names = Array.from({ length: 11 }, (_, index) => `package-${index}`);
    const source = `export async function onExecutePostLogin() { ${names.map((name) => `require("${name}");`).join("")} }`;
    const versions = Object.fromEntries(names.map((name) => [name, "1.0.0"]));
    assert.throws(
      () => bundleSource(source, versions),
      /requires 11 packages, and Auth0 installs at most 10;/,
    );
  });

  it("refuses code over 100 kB and takes code just below", () => {
    const source = (length: number) => `${goodHandler}\nexport const padding = "${"x".repeat(length)}";`;
    assert.ok(Buffer.byteLength(bundleSource(source(98_000)).code) > 98_000);
    assert.throws(
      () => bundleSource(source(100_000)),
      /code has 10\d{4} bytes, and Auth0 accepts at most 100000; shorten/,
    );
  });

  for (const [what, source, problem] of [
    [
      "a handler that is not async",
      "export function onExecutePostLogin() {}",
      /is not an async function after the build/,
    ],
    [
      "a wrapper that is not async around a handler that is",
      "const handle = async () => {}; export const onExecutePostLogin = () => handle();",
      /is not an async function after the build/,
    ],
    [
      "a handler by another name",
      "export async function onExecutePostlogin() {}",
      /onExecutePostLogin of .* not exported/,
    ],
    [
      "a second handler that is not async",
      `${goodHandler} export function onContinuePostLogin() {}`,
      /onContinuePostLogin of .* is not an async function/,
    ],
    [
      "code that throws when it is loaded",
      `${goodHandler} throw new Error("early");`,
      /fails when it is loaded \(early\)/,
    ],
    ["code that never ends loading", `${goodHandler} for (;;);`, /fails when it is loaded \(.*timed out/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => bundleSource(source), problem);
    });
  }

  it("names file, line and column of each error in the source, as editors count, and no stack", () => {
    assert.throws(() => bundleSource(`${goodHandler}\nconst x = ;`), {
      __pulumiRunError: true,
      message: 'The Action cannot be built: action/post-login.ts:2:11: Unexpected ";"',
    });
    assert.throws(() => bundleSource(`import "./a.ts";\nimport "./b.ts";\n${goodHandler}`), {
      message:
        /^The Action cannot be built:\n {2}action\/post-login\.ts:1:8: Could not .*\n {2}action\/post-login\.ts:2:8: Could not /,
    });
  });

  it("runs nothing of the handlers while it looks at them", () => {
    const source = `export async function onExecutePostLogin() { throw new Error("ran"); }
      export const onContinuePostLogin = async () => { throw new Error("ran"); };`;
    assert.doesNotThrow(() => bundleSource(source));
  });

  it("takes packages that are loaded at the top", () => {
    const source = `import { ManagementClient } from "auth0"; const client = new ManagementClient({});
      export async function onExecutePostLogin() { return client.users.get("x"); }`;
    assert.deepEqual(bundleSource(source, { auth0: "7.1.0" }).dependencies, [
      { name: "auth0", version: "7.1.0" },
    ]);
  });

  for (const claim of [
    "groups",
    "https://xyz.eu.auth0.com/groups",
    "https://webtask.io/groups",
    "urn:xyz:groups",
  ]) {
    it(`refuses the claim name ${claim}`, () => {
      const bundle = () => bundleAction({ ...defaultSettings, groupsClaim: claim });
      assert.throws(bundle, /claim's name .* use a URL that the company controls/);
    });
  }
});
