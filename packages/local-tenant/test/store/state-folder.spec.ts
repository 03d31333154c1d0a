import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FORMAT, StateFolder } from "../../src/store/state-folder.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("opening a state folder", () => {
  it("says in a fresh folder which format it has", async () => {
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(join(path, ".local"));
      assert.deepEqual(folder.open(), { version: FORMAT });
      assert.deepEqual(folder.open(), { version: FORMAT });
      assert.equal(statSync(folder.aboutFile).mode & 0o777, process.platform === "win32" ? 0o666 : 0o600);
    });
  });

  it("refuses a folder of another format and of an older version, and names the way out", async () => {
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      writeFileSync(folder.aboutFile, JSON.stringify({ version: FORMAT + 1 }));
      assert.throws(() => folder.open(), /is of format 2, and this version .* reads format 1\. .*--reset/);
    });
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      writeFileSync(folder.stateFile, "{}");
      assert.throws(() => folder.open(), /older version of the project.*Nothing was changed.*--reset/);
      assert.deepEqual(readdirSync(path), ["tenant.json"]);
    });
  });

  it("refuses a folder that was edited by hand into nonsense", async () => {
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      for (const text of ["{", "null", "[]", '{"version":"1"}']) {
        writeFileSync(folder.aboutFile, text);
        assert.throws(() => folder.open(), /cannot be read: about\.json .*--reset/, text);
      }
    });
  });

  it("refuses the state of a stack whose tenant is gone", async () => {
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      folder.writeAbout({ version: FORMAT, deployer: "someone" });
      assert.throws(() => folder.open(), /tenant\.json is missing.*--reset/);
    });
  });
});

describe("resetting a state folder", () => {
  it("forgets everything but the lock that its caller holds", async () => {
    await withTemporaryFolder((path) => {
      const folder = new StateFolder(path);
      writeFileSync(folder.lockFile, "held");
      writeFileSync(folder.stateFile, "{}");
      mkdirSync(join(folder.pulumiFolder, "state"), { recursive: true });
      folder.reset();
      assert.deepEqual(readdirSync(path), ["lock"]);
      assert.equal(existsSync(folder.pulumiFolder), false);
    });
  });
});
