import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";
import { bundleAction } from "../../stack/bundle.ts";
import { defaultSettings } from "../support/default-settings.ts";
import { CHECKOUT } from "../support/sample.ts";

describe("bundleAction", () => {
  it("gives the same bytes in every folder, whatever the caller's folder and the files around are", () =>
    withTemporaryFolder((elsewhere) => {
      const root = join(elsewhere, "deep", "checkout");
      mkdirSync(root, { recursive: true });
      cpSync(join(CHECKOUT, "action"), join(root, "action"), { recursive: true });
      cpSync(join(CHECKOUT, "package.json"), join(root, "package.json"));
      writeFileSync(
        join(elsewhere, "tsconfig.json"),
        '{"compilerOptions":{"target":"es5","jsxFactory":"h"}}',
      );
      const here = bundleAction(defaultSettings).code;
      assert.equal(bundleAction(defaultSettings, { root }).code, here);
      const module = JSON.stringify(new URL("../../stack/bundle.ts", import.meta.url));
      const script = `const { bundleAction } = await import(${module});
      process.stdout.write(bundleAction(${JSON.stringify(defaultSettings)}).code);`;
      const child = spawnSync(
        process.execPath,
        [
          "--import",
          pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href,
          "--input-type=module",
          "--eval",
          script,
        ],
        { cwd: elsewhere, encoding: "utf8", timeout: 15_000, env: { ...process.env, NODE_PATH: CHECKOUT } },
      );
      assert.equal(child.stdout, here, child.stderr);
    }));
});
