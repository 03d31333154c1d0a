import assert from "node:assert/strict";
import { join } from "node:path";
import type { Cli } from "../../../../local/pulumi/cli/probe.ts";
import { silent } from "../../../../local/pulumi/cli/reporter.ts";
import { choosePlugin, pluginVariables, pluginVersion } from "../../../../local/pulumi/engine/plugin.ts";
import type { PluginOptions } from "../../../../local/pulumi/engine/plugin.ts";
import { fakePlugin, writeProgram } from "../../../support/fake-programs.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";

const VERSION = pluginVersion();

/** A machine whose CLI installs plugins as `installs` says. */
function machine(folder: string, installs = "process.exit(0)"): PluginOptions & { readonly bin: string } {
  const bin = join(folder, "bin");
  const command = join(bin, "pulumi");
  writeProgram(command, installs);
  const cli: Cli = { command, version: "3.259.0", from: "PATH" };
  const env = { PATH: bin, HOME: join(folder, "home") };
  return { bin, cli, env, reporter: silent, download: true, platform: "linux" };
}

describe("choosePlugin", function () {
  before(function () {
    // The fakes are scripts with a #! line.
    if (process.platform === "win32") this.skip();
  });

  it("takes the plugin on PATH when it is of the SDK's version", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi-resource-auth0"), fakePlugin(VERSION));
      const plugin = await choosePlugin(here);
      assert.deepEqual(plugin, { kind: "plugin", version: VERSION, from: "PATH" });
      assert.deepEqual(pluginVariables(plugin), {});
    });
  });

  it("takes the one of the plugin folder when PATH has another version, and keeps the engine from that", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi-resource-auth0"), fakePlugin("3.1.0"));
      const kept = join(folder, "home", ".pulumi", "plugins", `resource-auth0-v${VERSION}`);
      writeProgram(join(kept, "pulumi-resource-auth0"), fakePlugin(VERSION));
      const plugin = await choosePlugin(here);
      assert.deepEqual(plugin, { kind: "plugin", version: VERSION, from: "plugin folder" });
      assert.deepEqual(pluginVariables(plugin), { PULUMI_IGNORE_AMBIENT_PLUGINS: "true" });
    });
  });

  it("lets the CLI install it", async () => {
    await withTemporaryFolder(async (folder) => {
      const wanted = JSON.stringify(["plugin", "install", "resource", "auth0", VERSION, "--non-interactive"]);
      const here = machine(
        folder,
        `process.exit(JSON.stringify(process.argv.slice(2)) === ${JSON.stringify(wanted)} ? 0 : 1)`,
      );
      assert.deepEqual(await choosePlugin(here), { kind: "plugin", version: VERSION, from: "installed" });
    });
  });

  it("takes the stand-in without network, and says what was tried and why it failed", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(
        folder,
        `console.error("warning: Error downloading plugin: no such host\\nerror: failed all 5 attempts"); process.exit(255);`,
      );
      const plugin = await choosePlugin(here);
      assert.ok(plugin.kind === "stand-in");
      assert.equal(
        plugin.why,
        "no auth0 plugin is on PATH, none is in the plugin folder, and its download failed: no such host",
      );
    });
  });

  it("takes the stand-in where it must not download", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder, `require("node:fs").writeFileSync(__filename + ".called", "")`);
      const plugin = await choosePlugin({ ...here, download: false });
      assert.ok(plugin.kind === "stand-in");
      assert.match(plugin.why, /no auth0 plugin is on PATH or in the plugin folder/);
    });
  });

  it("takes the stand-in away from Linux, also where the plugin is to be had, and says why", async () => {
    await withTemporaryFolder(async (folder) => {
      const here = machine(folder);
      writeProgram(join(here.bin, "pulumi-resource-auth0"), fakePlugin(VERSION));
      const plugin = await choosePlugin({ ...here, platform: "darwin" });
      assert.ok(plugin.kind === "stand-in");
      assert.match(plugin.why, /trust the local tenant's certificate on darwin/);
    });
  });
});
