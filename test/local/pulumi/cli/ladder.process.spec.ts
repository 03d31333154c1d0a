import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { cacheLockFile, cliFile, cliFolder } from "../../../../local/pulumi/cli/cache.ts";
import { TYPESCRIPT } from "../../../../local/pulumi/cli/typescript.ts";
import { cliAtHand, getCli, NoCliError } from "../../../../local/pulumi/cli/ladder.ts";
import type { LadderOptions } from "../../../../local/pulumi/cli/supplier.ts";
import { CLI_VERSION } from "../../../../local/pulumi/cli/version.ts";
import { fakeGo, fakePulumi, writeProgram } from "../../../support/fake-programs.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";

/**
 * A machine of its own: PATH, home and cache in one folder, and an Internet of which only `install.sh` is
 * there, if that.
 */
interface Machine extends LadderOptions {
  readonly bin: string;
  readonly said: string[];
  readonly goLog: string;
}

function machine(folder: string, options: { installer?: string; signal?: AbortSignal } = {}): Machine {
  const bin = join(folder, "bin");
  const said: string[] = [];
  const preload = join(folder, "internet.mjs");
  mkdirSync(bin);
  const answer =
    options.installer === undefined
      ? `Promise.reject(new TypeError("fetch failed"))`
      : `Promise.resolve(new Response(${JSON.stringify(options.installer)}))`;
  writeFileSync(preload, `globalThis.fetch = () => ${answer};\n`);
  const say = (line: string) => void said.push(line);
  const progress = (text: string) => {
    say(text);
    return { update: () => undefined, done: (last?: string) => (last === undefined ? undefined : say(last)) };
  };
  return {
    bin,
    said,
    goLog: join(folder, "go.log"),
    env: {
      PATH: bin,
      HOME: join(folder, "home"),
      XDG_CACHE_HOME: join(folder, "cache"),
      NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
    },
    reporter: { say, progress },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

function putGo(to: Machine, milliseconds?: number): void {
  writeProgram(join(to.bin, "go"), fakeGo(to.goLog, CLI_VERSION, milliseconds));
}

function builds(on: Machine): number {
  return existsSync(on.goLog) ? readFileSync(on.goLog, "utf8").trim().split("\n").length : 0;
}

/** An `install.sh` that gets as far as `bytes` says. */
function installScript(bytes: string, exitCode: number): string {
  return `mkdir=/bin/mkdir; $mkdir -p "$3/bin"; printf '%s' '${bytes}' > "$3/bin/pulumi"; /bin/chmod 755 "$3/bin/pulumi"; exit ${exitCode}`;
}

describe("getCli", function () {
  before(function () {
    // The fakes are scripts with a #! line.
    if (process.platform === "win32") this.skip();
  });

  it("takes the pulumi on PATH and says nothing", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi"), fakePulumi("3.999.1"));
      const cli = await getCli(here);
      assert.deepEqual(cli, { command: join(here.bin, "pulumi"), version: "3.999.1", from: "PATH" });
      assert.deepEqual(here.said, []);
    });
  });

  it("passes over a pulumi on PATH that is too old, and says which version is needed", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi"), fakePulumi("3.100.0"));
      writeProgram(cliFile(cliFolder(here.env)), fakePulumi(CLI_VERSION));
      assert.equal((await getCli(here)).from, "cache");
      assert.deepEqual(here.said, [
        `${join(here.bin, "pulumi")} is version 3.100.0, and ${CLI_VERSION} or a later 3.x is needed.`,
      ]);
    });
  });

  it("passes over a pulumi of another major version", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi"), fakePulumi("4.0.0"));
      assert.equal(await cliAtHand(here), undefined);
    });
  });

  it("passes over a pulumi on PATH that cannot run, with its own complaint", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi"), `console.error("lib missing"); process.exit(127);`);
      writeProgram(cliFile(cliFolder(here.env)), fakePulumi(CLI_VERSION));
      assert.equal((await getCli(here)).from, "cache");
      assert.deepEqual(here.said, [`${join(here.bin, "pulumi")} is broken (lib missing).`]);
    });
  });

  it("passes over a pulumi on PATH that prints no version", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi"), `console.log("hello");`);
      assert.equal(await cliAtHand(here), undefined);
      assert.match(here.said[0] ?? "", /does not say which version it is/);
    });
  });

  it("names every way and why it failed, without network and without Go", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      await assert.rejects(getCli(here), (error: Error) => {
        assert.ok(error instanceof NoCliError);
        assert.match(error.message, /there is no pulumi on PATH; there is no CLI in the cache folder/);
        assert.match(error.message, /installer failed \(Failed to download .*fetch failed\)/);
        assert.match(error.message, /there is no go on PATH/);
        assert.equal(error.message.split("\n").length, 1);
        return true;
      });
    });
  });

  it("installs the release into the cache, once", async () => {
    await withTemporaryFolder(async (folder) => {
      const script = `#!${process.execPath}\n${fakePulumi(CLI_VERSION)}`;
      const here = machine(folder, { installer: installScript(script, 0) });
      const cli = await getCli(here);
      assert.deepEqual([cli.from, cli.command], ["installed", cliFile(cliFolder(here.env))]);
      assert.equal((await getCli(here)).from, "cache");
    });
  });

  it("builds with Go when a download is cut in the middle, and keeps nothing of the half", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder, { installer: installScript("half of a", 1) });
      putGo(here);
      assert.equal((await getCli(here)).from, "built");
      assert.ok(
        here.said.some((line) => line.startsWith("Pulumi's installer failed")),
        here.said.join("\n"),
      );
    });
  });

  it("does not trust an installer that ends well and leaves half a file", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder, { installer: installScript("half of a", 0) });
      await assert.rejects(getCli(here), NoCliError);
      assert.equal(existsSync(cliFolder(here.env)), false);
    });
  });

  it("says how long a build may take and what to do meanwhile, and builds once", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      putGo(here);
      const cli = await getCli({ ...here, hint: "Meanwhile: try the other way." });
      assert.deepEqual([cli.from, cli.version], ["built", CLI_VERSION]);
      assert.ok(here.said.includes("Meanwhile: try the other way."));
      assert.ok(here.said.some((line) => /happens once, takes some minutes, and needs 3 GB/.test(line)));
      assert.equal((await getCli(here)).from, "cache");
      assert.equal(builds(here), 1);
    });
  });

  it("gives the last complaint of a build that fails, such as a full disk", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      const complaint = "compile: writing output: write $WORK/b002/_pkg_.a: no space left on device";
      writeProgram(
        join(here.bin, "go"),
        `console.error("internal/abi\\n# internal/abi\\n${complaint}"); process.exit(1);`,
      );
      await assert.rejects(getCli(here), /the build by .*go failed \(compile: .*no space left on device\)/);
      assert.deepEqual(readdirSync(join(folder, "cache", "workforce-sso")), []);
    });
  });

  it("replaces a broken CLI in the cache", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      putGo(here);
      writeProgram(cliFile(cliFolder(here.env)), "process.exit(1)");
      assert.equal((await getCli(here)).from, "built");
      assert.equal((await getCli(here)).from, "cache");
    });
  });

  it("says that the cache folder cannot be written to, and how to name another", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      putGo(here);
      // A file in the folder's place refuses everyone, also root.
      writeFileSync(join(folder, "cache"), "");
      await assert.rejects(
        getCli(here),
        /the cache folder cannot be written to .*set XDG_CACHE_HOME to another/,
      );
      assert.equal(builds(here), 0);
    });
  });

  it("builds once when two processes want a CLI at the same time", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      putGo(here, 1500);
      const results = await Promise.all([getInChild(here), getInChild(here)]);
      assert.deepEqual(results.map(({ from }) => from).toSorted(), ["built", "cache"]);
      assert.equal(builds(here), 1);
      assert.ok(
        results.some(({ said }) => said.some((line) => /is getting the Pulumi CLI .* already/.test(line))),
      );
    });
  });

  it("ends a build at Ctrl-C with all its processes, and the next one starts clean", async () => {
    await withTemporaryFolder(async (folder) => {
      const stop = new AbortController();
      const here = machine(folder, { signal: stop.signal });
      putGo(here, 60_000);
      const building = getCli(here);
      await until(() => builds(here) === 1);
      stop.abort(new Error("stopped"));
      await assert.rejects(building, /stopped/);
      const go = Number(readFileSync(here.goLog, "utf8"));
      assert.throws(() => process.kill(go, 0), "the build goes on");
      assert.deepEqual(readdirSync(join(folder, "cache", "workforce-sso")), []);
      putGo(here);
      const { env, reporter } = here;
      assert.equal((await getCli({ env, reporter })).from, "built");
    });
  });

  it("clears away what a killed process has left in the cache", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      putGo(here);
      mkdirSync(join(`${cliFolder(here.env)}.partial-abc`, "bin"), { recursive: true });
      writeFileSync(cacheLockFile(here.env), JSON.stringify({ pid: 2 ** 22 + 1, born: "" }));
      assert.equal((await getCli(here)).from, "built");
      assert.deepEqual(readdirSync(join(folder, "cache", "workforce-sso")), [`pulumi-v${CLI_VERSION}`]);
    });
  });
});

describe("CLI_VERSION", () => {
  it("is what the Go module pins", () => {
    const module = readFileSync(new URL("../../../../local/pulumi/cli/go.mod", import.meta.url), "utf8");
    assert.equal(/github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(module)?.[1], CLI_VERSION);
  });
});

/** Runs `getCli` in a process of its own. */
async function getInChild(here: Machine): Promise<{ from: string; said: string[] }> {
  const ladder = new URL("../../../../local/pulumi/cli/ladder.ts", import.meta.url).href;
  const source = `
    const { getCli } = await import(${JSON.stringify(ladder)});
    const said = [];
    const say = (line) => void said.push(line);
    const reporter = { say, progress: () => ({ update() {}, done() {} }) };
    const { from } = await getCli({ env: process.env, reporter });
    console.log(JSON.stringify({ from, said }));`;
  const child = spawn(process.execPath, [...TYPESCRIPT, "--input-type=module", "--eval", source], {
    env: here.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  return JSON.parse(output) as { from: string; said: string[] };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (condition()) return;
    await delay(25);
  }
  throw new Error("It did not happen within 10 s.");
}
