import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, packagesFolder } from "../../src/lib/cache-folder.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("the cache folder", () => {
  it("is where each system keeps caches, or where XDG_CACHE_HOME says", () => {
    const env = { HOME: "/home/ann" };
    assert.equal(cacheFolder(env, "linux"), join("/home/ann/.cache/workforce-sso"));
    assert.equal(cacheFolder(env, "darwin"), join("/home/ann/Library/Caches/workforce-sso"));
    assert.equal(cacheFolder(env, "win32"), join("/home/ann/AppData/Local/workforce-sso/Cache"));
    assert.equal(
      cacheFolder({ ...env, LOCALAPPDATA: "/local" }, "win32"),
      join("/local/workforce-sso/Cache"),
    );
    for (const platform of ["linux", "darwin", "win32"]) {
      assert.equal(cacheFolder({ ...env, XDG_CACHE_HOME: "/xdg" }, platform), join("/xdg/workforce-sso"));
      assert.equal(cacheFolder({ ...env, XDG_CACHE_HOME: "xdg" }, platform), cacheFolder(env, platform));
    }
  });

  for (const [platform, former] of [
    ["darwin", ".cache/workforce-sso/action-packages"],
    ["win32", "local/workforce-sso/action-packages"],
  ] as const) {
    it(`has the Actions' packages, but what is in their former place is used there (${platform})`, () =>
      withTemporaryFolder((home) => {
        const env = { HOME: home, LOCALAPPDATA: join(home, "local") };
        const place = join(cacheFolder(env, platform), "action-packages");
        assert.equal(packagesFolder(env, platform), place);
        mkdirSync(join(home, former), { recursive: true });
        assert.equal(packagesFolder(env, platform), join(home, former));
        mkdirSync(place, { recursive: true });
        assert.equal(packagesFolder(env, platform), place);
      }));
  }
});
