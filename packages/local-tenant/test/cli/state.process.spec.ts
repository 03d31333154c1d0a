import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTemporaryFolder } from "../support/temporary.ts";
import { runTool, startTool } from "./run.ts";
import { freePort } from "../support/free-port.ts";

describe("a tenant that the tool keeps", function () {
  this.timeout(60_000);

  it("comes back as it was, is locked while it runs, and is forgotten by reset", async () => {
    await withTemporaryFolder(async (folder) => {
      const state = join(folder, "state");
      const port = String(await freePort());
      const first = startTool(["start", "--state", state, "--port", port]);
      const announced = await first.printed(/Ctrl-C stops it/);
      assert.match(announced, new RegExp(`https://localhost:${port}/`));
      const environment = readFileSync(join(state, "deployer.env"), "utf8");
      const secret = /AUTH0_CLIENT_SECRET='(.+)'/.exec(environment)?.[1] ?? "";
      assert.ok(secret.length > 20 && !announced.includes(secret), "the secret is for the file alone");
      assert.equal(statSync(join(state, "deployer.env")).mode & 0o777, 0o600);

      assert.equal((await runTool("export", join(folder, "export"), "--state", state)).code, 0);
      const refusals = [["start"], ["import", join(folder, "export")], ["reset"]].map(async (args) => {
        const refused = await runTool(...args, "--state", state);
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, new RegExp(`is in use by process ${first.child.pid}\\..*\\n$`));
      });
      await Promise.all(refusals);
      first.child.kill("SIGTERM");
      assert.equal((await first.ended).code, 0);

      const second = startTool(["start", "--state", state]);
      await second.printed(/Ctrl-C stops it/);
      assert.equal(readFileSync(join(state, "deployer.env"), "utf8"), environment);
      second.child.kill("SIGINT");
      assert.equal((await second.ended).code, 0);

      assert.equal((await runTool("reset", "--state", state)).code, 0);
      assert.deepEqual(readdirSync(state), []);
    });
  });

  it("is not touched when its state is broken or belongs to another port", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "tenant.json");
      writeFileSync(file, '{"version": 1, "tables"');
      writeFileSync(join(folder, "about.json"), '{"version": 1}');
      for (const command of [["start"], ["export", join(folder, "out")]]) {
        const ended = await runTool(...command, "--state", folder);
        assert.equal(ended.code, 1);
        assert.match(ended.stderr, /^The state file .* is not JSON .* Nothing was changed\..*\n$/);
      }
      assert.equal(readFileSync(file, "utf8"), '{"version": 1, "tables"');
      assert.equal(existsSync(join(folder, "out")), false);
    });
  });

  it("is not looked for by deleting somebody's folder", async () => {
    await withTemporaryFolder(async (folder) => {
      mkdirSync(join(folder, "src"));
      const ended = await runTool("reset", "--state", folder);
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /holds "src", which is not a tenant's file, so nothing was deleted/);
      assert.deepEqual(readdirSync(folder), ["src"]);
    });
  });

  it("ends with one line when its folder cannot be used", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "file");
      writeFileSync(file, "");
      const ended = await runTool("start", "--state", file);
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /^The folder .*file cannot be made: .* Name another one with --state\.\n$/);
    });
  });

  it("in memory leaves nothing behind", async () => {
    await withTemporaryFolder(async (folder) => {
      const running = startTool(["start", "--in-memory", "--port", String(await freePort())], folder);
      const announced = await running.printed(/Ctrl-C stops it/);
      const authority = /authority +(\S+)/.exec(announced)?.[1] ?? "";
      assert.ok(existsSync(authority));
      running.child.kill("SIGTERM");
      assert.equal((await running.ended).code, 0);
      assert.equal(existsSync(authority), false);
      assert.deepEqual(readdirSync(folder), []);
    });
  });
});
