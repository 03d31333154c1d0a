import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { parseArguments } from "../local/start/arguments.ts";
import { parseOptions } from "../packages/local-tenant/src/cli/options.ts";
import { parseReviewArguments } from "../review/arguments.ts";
import { parseDirectoryArguments } from "../review/directory/arguments.ts";
import { read, shellBlocks } from "./docs/pages.ts";
import { CHECKOUT } from "./support/sample.ts";

const PAGES = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "packages/local-tenant/README.md"],
  ...markdownIn("docs"),
  ...markdownIn("examples"),
];
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const configKeys = Object.keys((parse(read("Pulumi.yaml")) as { config: Record<string, unknown> }).config);

/** How each program's command line is looked at; throws what a person would be told. */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => void>> = {
  npm: checkNpm,
  npx: ([program, ...files]) => {
    if (program === "local-tenant") return void parseOptions(files);
    assert.equal(program, "mocha");
    for (const file of files) assert.ok(existsSync(join(CHECKOUT, file)), `there is no ${file}`);
  },
  pulumi: ([command, ...args]) => {
    assert.ok(
      ["config", "destroy", "plugin", "preview", "refresh", "stack", "state", "up"].includes(command ?? ""),
      `pulumi ${command}`,
    );
    if (command !== "config") return;
    const path = args.filter((arg) => !arg.startsWith("-"))[1] ?? "";
    const key = args.includes("--path") ? path.replace(/[.[].*/, "") : path;
    assert.ok(configKeys.includes(key), `Pulumi.yaml has no key ${key}`);
    const declared = read("Pulumi.yaml").includes(`  ${key}:\n    type: string\n    secret: true`);
    assert.equal(args.includes("--secret"), declared, `${key} is${declared ? "" : " not"} a secret`);
  },
};

describe("the documentation", () => {
  for (const page of PAGES) {
    it(`links to what is there, and shows commands that are understood: ${page}`, () => {
      const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link ?? "");
      const broken = links.filter((link) => !existsSync(join(CHECKOUT, dirname(page), link)));
      assert.deepEqual(broken, []);
      for (const command of commandsOf(page)) {
        const [program = "", ...args] = words(command);
        assert.doesNotThrow(() => PROGRAMS[program]?.(args), command);
      }
    });
  }

  it("names files and folders that are there: CONTRIBUTING.md", () => {
    const named = [...read("CONTRIBUTING.md").matchAll(/`([\w.-]+\/[\w./-]*|[\w-]+\.(?:ts|yaml|md))`/g)];
    const paths = named.map(([, path]) => path ?? "");
    assert.ok(paths.length > 20, String(paths.length));
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(CHECKOUT, path))),
      [],
    );
  });

  it("shows commands of each program that is looked at", () => {
    const shown = new Set(PAGES.flatMap(commandsOf).map((command) => words(command)[0]));
    assert.deepEqual([...shown].toSorted(), Object.keys(PROGRAMS).toSorted());
  });
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules") && !name.includes(".venv"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

/**
 * Commands in shell blocks and in running text, one each; lines that only a shell understands are left to it.
 */
function commandsOf(page: string): string[] {
  const inline = [...read(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? "");
  return [...shellBlocks(page).flatMap((block) => block.split("\n")), ...inline]
    .flatMap((line) => line.replace(/\s+#.*$/, "").split(/ && (?=(?:[^"]*"[^"]*")*[^"]*$)/))
    .map((command) => command.trim())
    .filter((command) => Object.keys(PROGRAMS).includes(command.split(" ")[0] ?? ""))
    .filter((command) => command.includes(" "));
}

/** The words of a command line whose only quotes are double ones around whole words. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

function checkNpm(line: readonly string[]): void {
  const own = line[0] === "--prefix" ? 2 : line[0] === "--silent" ? 1 : 0;
  const [command = "", ...args] = line.slice(own);
  if (command === "ci") return;
  const script = command === "run" ? (args[0] ?? "") : command;
  assert.ok(script in scripts, `package.json has no script ${script}`);
  const dashes = args.indexOf("--");
  const flags = dashes === -1 ? [] : args.slice(dashes + 1);
  if (script === "start") parseArguments(flags);
  if (script === "tenant") parseOptions(flags);
  if (script === "claims") parseReviewArguments(flags);
  if (script === "directory") parseDirectoryArguments(flags);
}
