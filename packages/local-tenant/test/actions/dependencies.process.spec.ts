import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActionRunner } from "../../src/actions/runner.ts";
import { answer, flow, handler, printed, withRunner } from "./harness.ts";

/** Writes a package into a folder's node_modules. */
function addPackage(folder: string, name: string, version: string, code: string, more: object = {}): void {
  const place = join(folder, "node_modules", name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, version, main: "index.cjs", ...more }));
  writeFileSync(join(place, "index.cjs"), code);
}

describe("the packages of an Action", () => {
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-test-"));
  const project = join(folder, "project");
  addPackage(project, "greeting", "1.2.3", `exports.greet = () => "hello " + require("helper").name;`, {
    dependencies: { helper: "*" },
    exports: { ".": "./index.cjs", "./sub": "./index.cjs", "./package.json": "./package.json" },
  });
  addPackage(project, "helper", "1.0.0", `exports.name = "helper";`);
  addPackage(project, "@scope/other", "2.0.0", `exports.other = require("fs").readdirSync(__dirname);`);
  const { run } = withRunner({ projectFolder: project, cacheFolder: join(folder, "cache") });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const greeting = { dependencies: [{ name: "greeting", version: "1.2.3" }] };

  it("are the project's own where those have the declared version", async () => {
    const outcome = await run(
      handler(
        `const { greet } = require("greeting"); const { default: again } = await import("greeting/sub");
         console.log(JSON.stringify([greet(), again.greet(), require.resolve("greeting").endsWith("index.cjs")]));`,
        greeting,
      ),
    );
    assert.deepEqual(answer(outcome), ["hello helper", "hello helper", true]);
    assert.ok(!outcome.runs[0]?.warnings.some((text) => text.includes("dependency")));
  });

  it("are found where node_modules is a link to another folder", async function () {
    if (process.platform === "win32") this.skip();
    const linked = join(folder, "linked");
    mkdirSync(linked);
    symlinkSync(join(project, "node_modules"), join(linked, "node_modules"));
    const runner = createActionRunner({ projectFolder: linked, cacheFolder: join(folder, "cache") });
    try {
      const outcome = await runner.run(
        flow([handler(`console.log(JSON.stringify(require("greeting").greet()));`, greeting)]),
      );
      assert.deepEqual(answer(outcome), "hello helper");
    } finally {
      await runner.close();
    }
  });

  it("can be required only where they are declared", async () => {
    const outcome = await run(
      handler(
        `const seen = [];
         for (const name of ["helper", "@scope/other/deep", "./file.js", "/etc/passwd", ""])
           try { require(name); seen.push(name); } catch (error) { seen.push(error.message); }
         seen.push(await import("helper").catch((error) => error.message));
         console.log(JSON.stringify(seen));`,
        greeting,
      ),
    );
    const undeclared = `Cannot find module "helper": declare "helper" among the Action's dependencies.`;
    assert.deepEqual(answer(outcome), [
      undeclared,
      `Cannot find module "@scope/other/deep": declare "@scope/other" among the Action's dependencies.`,
      `Cannot find module "./file.js": an Action is a single file. Bundle it, or use a package from npm.`,
      `Cannot find module "/etc/passwd": an Action is a single file. Bundle it, or use a package from npm.`,
      "require() needs the name of a module, a non-empty string.",
      undeclared,
    ]);
  });

  it("open no other folder of the project to the Action", async () => {
    writeFileSync(join(project, "state.json"), "{}");
    const paths = [
      join(project, "state.json"),
      join(project, "node_modules", "@scope", "other", "package.json"),
    ];
    const outcome = await run(
      handler(
        `for (const path of ${JSON.stringify(paths)})
           try { require("fs").readFileSync(path); console.log("read"); } catch (error) { console.log(error.code); }
         console.log(require("greeting").greet());`,
        greeting,
      ),
    );
    assert.deepEqual(printed(outcome), ["ERR_ACCESS_DENIED", "ERR_ACCESS_DENIED", "hello helper"]);
  });

  it("are refused where npm does not accept the name or the version", async () => {
    for (const [name, version] of [
      ["../up", "1.0.0"],
      ["--global", "1.0.0"],
      ["greeting", "--force"],
      ["a b", "1.0.0"],
      ["greeting", "file:/etc"],
    ] as const) {
      const outcome = await run(handler("", { dependencies: [{ name, version }] }));
      assert.equal(outcome.error?.kind, "dependency", `${name}@${version}`);
      assert.match(outcome.error.message, /is not a (name|version) that npm accepts/);
    }
  });
});

describe("packages that the project does not have", () => {
  let folder: string;
  let registry: ReturnType<typeof createServer>;
  let requests: string[];
  const saved = process.env["npm_config_registry"];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "workforce-sso-test-"));
    addPackage(join(folder, "project"), "almost", "3.0.1", `module.exports = "almost";`);
    requests = [];
    const tarball = await packTarball(folder);
    registry = createServer((request, response) => {
      requests.push(request.url ?? "");
      if (request.url?.endsWith(".tgz")) return void response.end(tarball);
      if (request.url !== "/parcel") return void response.writeHead(404).end("{}");
      const dist = { tarball: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/parcel.tgz` };
      response.setHeader("content-type", "application/json");
      return void response.end(
        JSON.stringify({
          name: "parcel",
          "dist-tags": { latest: "1.0.0" },
          versions: { "1.0.0": { name: "parcel", version: "1.0.0", dist, scripts: { install: "exit 1" } } },
        }),
      );
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    process.env["npm_config_registry"] = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  });
  after(async () => {
    if (saved === undefined) delete process.env["npm_config_registry"];
    else process.env["npm_config_registry"] = saved;
    registry.closeAllConnections();
    await new Promise((resolve) => registry.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const inFolder = () =>
    createActionRunner({ projectFolder: join(folder, "project"), cacheFolder: join(folder, "cache") });
  const opening = (version = "1.0.0") =>
    handler(`console.log(require("parcel"));`, { dependencies: [{ name: "parcel", version }] });

  it("are installed once, without their scripts, and the trace says so", async () => {
    const [one, two] = [inFolder(), inFolder()];
    try {
      const outcomes = await Promise.all([
        one.run(flow(opening())),
        one.run(flow(opening())),
        two.run(flow(opening())),
      ]);
      outcomes.push(await two.run(flow(opening())));
      for (const outcome of outcomes) {
        assert.deepEqual([outcome.error, printed(outcome)], [undefined, ["unpacked"]]);
        assert.ok(
          outcome.runs[0]?.warnings.some((text) =>
            text.startsWith("The dependency parcel@1.0.0 was installed"),
          ),
        );
      }
      assert.equal(requests.filter((path) => path.endsWith(".tgz")).length, 1);
      const kept = readdirSync(join(folder, "cache"));
      assert.equal(kept.length, 1, `nothing half-made is left: ${kept.join()}`);
      assert.ok(!existsSync(join(folder, "project", "node_modules", "parcel")));
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it("fail the sign-in when they cannot be had, with the reason and a way out", async () => {
    const runner = inFolder();
    try {
      const outcome = await runner.run(flow(opening("9.9.9")));
      assert.equal(outcome.error?.kind, "dependency");
      assert.match(outcome.error.message, /parcel@9\.9\.9 could not be installed: .*No matching version/);
      assert.match(outcome.error.message, /npm install --save-dev --save-exact parcel@9\.9\.9/);
    } finally {
      await runner.close();
    }
  });

  it("are replaced by another version of the same major number, with a warning", async () => {
    const runner = inFolder();
    try {
      const dependencies = [{ name: "almost", version: "3.9.9" }];
      const outcome = await runner.run(flow(handler(`console.log(require("almost"));`, { dependencies })));
      assert.deepEqual(printed(outcome), ["almost"]);
      assert.match(
        outcome.runs[0]?.warnings.at(-1) ?? "",
        /almost is version 3\.0\.1 here and 3\.9\.9 on Auth0/,
      );
    } finally {
      await runner.close();
    }
  });
});

/** A package as a registry serves it: one POSIX tar, compressed. */
async function packTarball(folder: string): Promise<Buffer> {
  const { execFileSync } = await import("node:child_process");
  const place = join(folder, "package");
  mkdirSync(place);
  const manifest = { name: "parcel", version: "1.0.0", main: "index.cjs", scripts: { install: "exit 1" } };
  writeFileSync(join(place, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(place, "index.cjs"), `module.exports = "unpacked";`);
  return execFileSync("tar", ["-czf", "-", "-C", folder, "package"]);
}
