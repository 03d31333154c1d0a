import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withTemporaryFolder } from "../support/temporary.ts";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const TOOL = join(import.meta.dirname, "../../src/cli/main.ts");

/** Fastify has them, and loads them only where they are used: they would be half of the code of a start. */
const UNUSED = ["ajv", "ajv-formats", "light-my-request", "pino"];
/** How many there are today, and a few for updates of fastify. */
const MOST = 30;

describe("a tenant's start", () => {
  it("loads few packages, and none that no request needs", () =>
    withTemporaryFolder((folder) => {
      const env = { ...process.env, NODE_V8_COVERAGE: folder };
      const { status, stderr } = spawnSync(process.execPath, ["--import", TSX, TOOL, "exec", "true"], {
        env,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      const addresses = readdirSync(folder).flatMap((name) => {
        // SAFETY: what V8 writes about coverage; only the addresses of the scripts are used.
        const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
          result: { url: string }[];
        };
        return result.map(({ url }) => url);
      });
      const packages = addresses.flatMap(
        (url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*\/node_modules\/)/.exec(url)?.[1] ?? [],
      );
      const loaded = new Set(packages.filter((name) => !["tsx", "esbuild", "get-tsconfig"].includes(name)));
      assert.ok(loaded.has("fastify"), "this test sees what is loaded");
      assert.deepEqual(
        UNUSED.filter((name) => loaded.has(name)),
        [],
      );
      assert.ok(loaded.size <= MOST, `${loaded.size}: ${[...loaded].sort().join(", ")}`);
    }));
});
