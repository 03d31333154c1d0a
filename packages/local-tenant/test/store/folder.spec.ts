import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LAYOUT_VERSION, layoutOf, openLayout, resetLayout, writeAbout } from "../../src/store/folder.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("openLayout", () => {
  it("says in a fresh folder which format it has", async () => {
    await withTemporaryFolder((folder) => {
      const layout = layoutOf(join(folder, ".local"));
      assert.deepEqual(openLayout(layout), { version: LAYOUT_VERSION });
      assert.deepEqual(openLayout(layout), { version: LAYOUT_VERSION });
      assert.equal(statSync(layout.about).mode & 0o777, process.platform === "win32" ? 0o666 : 0o600);
    });
  });

  it("refuses a folder of another format and of an older version, and names the way out", async () => {
    await withTemporaryFolder((folder) => {
      const layout = layoutOf(folder);
      writeFileSync(layout.about, JSON.stringify({ version: LAYOUT_VERSION + 1 }));
      assert.throws(
        () => openLayout(layout),
        /is of format 2, and this version .* reads format 1\. .*--reset/,
      );
    });
    await withTemporaryFolder((folder) => {
      const layout = layoutOf(folder);
      writeFileSync(layout.tenant, "{}");
      assert.throws(() => openLayout(layout), /older version of the project.*Nothing was changed.*--reset/);
      assert.deepEqual(readdirSync(folder), ["tenant.json"]);
    });
  });

  it("refuses a folder that was edited by hand into nonsense", async () => {
    await withTemporaryFolder((folder) => {
      const layout = layoutOf(folder);
      for (const text of ["{", "null", "[]", '{"version":"1"}']) {
        writeFileSync(layout.about, text);
        assert.throws(() => openLayout(layout), /cannot be read: about\.json .*--reset/, text);
      }
    });
  });

  it("refuses the state of a stack whose tenant is gone", async () => {
    await withTemporaryFolder((folder) => {
      const layout = layoutOf(folder);
      writeAbout(layout, { version: LAYOUT_VERSION, deployer: "someone" });
      assert.throws(() => openLayout(layout), /tenant\.json is missing.*--reset/);
    });
  });
});

describe("resetLayout", () => {
  it("forgets everything but the lock that its caller holds", async () => {
    await withTemporaryFolder((folder) => {
      const layout = layoutOf(folder);
      writeFileSync(layout.lock, "held");
      writeFileSync(layout.tenant, "{}");
      mkdirSync(join(layout.pulumi, "state"), { recursive: true });
      resetLayout(layout);
      assert.deepEqual(readdirSync(folder), ["lock"]);
      assert.equal(existsSync(layout.pulumi), false);
    });
  });
});
