import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";

const RUN = fileURLToPath(new URL("../../review/run.ts", import.meta.url));

describe("the process that asks for claims", () => {
  it("loads neither a tenant nor Pulumi, which its children load: that would cost a second first", () => {
    const program = `
      import { createRequire } from "node:module";
      await import(${JSON.stringify(pathToFileURL(RUN).href)});
      const loaded = Object.keys(createRequire(${JSON.stringify(RUN)}).cache);
      console.log(JSON.stringify(loaded));
    `;
    const words = ["--import", "tsx", "--input-type=module", "--eval", program];
    const output = execFileSync(process.execPath, words, { encoding: "utf8" });
    const loaded = JSON.parse(output) as string[];
    // What reads access.yaml is loaded, so this list is one of packages.
    assert.ok(
      loaded.some((file) => /[\\/]node_modules[\\/]yaml[\\/]/.test(file)),
      output,
    );
    const heavy = loaded.filter((file) => /[\\/]node_modules[\\/](@pulumi|fastify)[\\/]/.test(file));
    assert.deepEqual(heavy, []);
  }).timeout(60_000);
});
