import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildWithGo } from "../../../../local/pulumi/cli/build.ts";
import { silent } from "../../../../local/pulumi/cli/reporter.ts";
import { unlessSilent } from "../../../../local/pulumi/cli/silence.ts";
import { choosePlugin } from "../../../../local/pulumi/engine/plugin.ts";
import { startProxy } from "../../../support/company-network.ts";
import { writeProgram } from "../../../support/fake-programs.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";

const HOSTS = ["https://get.pulumi.com/", "https://api.github.com/"];
const PATIENCE = 200;

/** A program that writes its process id, says something, and would then wait for minutes. */
const patient = (file: string, line: string) => `
  if (process.argv[2] === "env") { console.log("https://modules.example,direct"); process.exit(); }
  require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid));
  console.error(${JSON.stringify(line)});
  setTimeout(() => undefined, 300_000);`;

function assertGone(file: string): void {
  assert.ok(existsSync(file), "it was never started");
  assert.throws(() => process.kill(Number(readFileSync(file, "utf8")), 0), "it still runs");
}

describe("a network that swallows what is sent", function () {
  before(function () {
    if (process.platform === "win32") this.skip();
  });

  it("ends the plugin's download, and says whom it asked through which proxy", async () => {
    await withTemporaryFolder(async (folder) => {
      await using proxy = await startProxy("silence");
      const [command, pid] = [join(folder, "bin", "pulumi"), join(folder, "pid")];
      writeProgram(command, patient(pid, "installing"));
      const plugin = await choosePlugin({
        cli: { command, version: "3.259.0", from: "PATH" },
        env: { PATH: join(folder, "bin"), HOME: folder, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
        reporter: silent,
        download: true,
        platform: "linux",
        patience: 2_000,
      });
      assert.ok(plugin.kind === "stand-in");
      assert.equal(
        plugin.why,
        `no auth0 plugin is on PATH, none is in the plugin folder, and its download failed: get.pulumi.com and api.github.com gave no answer within 2 s, through the proxy http://127.0.0.1:${proxy.port} of HTTPS_PROXY`,
      );
      assertGone(pid);
    });
  });

  it("ends a build that waits for its sources", async () => {
    await withTemporaryFolder(async (folder) => {
      await using proxy = await startProxy("silence");
      const pid = join(folder, "pid");
      writeProgram(join(folder, "bin", "go"), patient(pid, "go: downloading example.com/module v1.0.0"));
      const env = { PATH: join(folder, "bin"), HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      const miss = await buildWithGo(folder, { env, reporter: silent, patience: 2_000 });
      assert.match(
        miss?.reason ?? "",
        /go was stopped \(modules\.example gave no answer within 2 s, through the proxy/,
      );
      assertGone(pid);
    });
  });

  it("is told from one that refuses, and from a download that no longer waits", async () => {
    await using refusing = await startProxy({ status: 403 });
    await using silence = await startProxy("silence");
    const body = async (signal: AbortSignal) => {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE * 4));
      return signal.aborted;
    };
    const env = { HTTPS_PROXY: `http://127.0.0.1:${refusing.port}` };
    assert.equal(await unlessSilent({ hosts: HOSTS, env, patience: PATIENCE }, body), false);
    assert.equal(refusing.asked.length, 2);
    const other = {
      hosts: HOSTS,
      env: { HTTPS_PROXY: `http://127.0.0.1:${silence.port}` },
      patience: PATIENCE,
    };
    assert.equal(await unlessSilent({ ...other, waiting: () => false }, body), false);
    assert.equal(silence.asked.length, 0);
  });

  it("leaves Ctrl-C what it was", async () => {
    const ctrlC = new AbortController();
    const running = unlessSilent(
      { hosts: HOSTS, env: {}, signal: ctrlC.signal },
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    );
    ctrlC.abort(new Error("stopped"));
    await assert.rejects(running, { message: "stopped" });
  });
});
