import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openEngine } from "../../../../local/pulumi/engine/engine.ts";
import { workspacePaths } from "../../../../local/pulumi/engine/paths.ts";
import { localConfig } from "../../../../local/pulumi/engine/config.ts";
import { withTemporaryFolder } from "../../../../packages/local-tenant/test/support/temporary.ts";
import { sampleProject } from "../../../support/sample.ts";

describe("the engine's command line", () => {
  it("is started for nothing but what it alone can do", () =>
    withTemporaryFolder(async (folder) => {
      const command = join(folder, "pulumi");
      const log = join(folder, "calls");
      writeFileSync(command, `#!/bin/sh\necho "$1 $2" >> '${log}'\n`);
      chmodSync(command, 0o755);
      const root = sampleProject();
      const paths = workspacePaths(join(folder, "stack"));
      const deploy = async (): Promise<string[]> => {
        rmSync(log, { force: true });
        const engine = await openEngine({
          cli: { command, version: "3.259.0", from: "PATH" },
          plugin: { kind: "stand-in", why: "the test chooses it" },
          root,
          folder: paths.folder,
          program: () => Promise.resolve({}),
          config: localConfig(root, { domain: "localhost:1" }),
          tenant: { domain: "localhost:1", clientId: "id", clientSecret: "secret", ca: "", caFile: "" },
          env: process.env,
        });
        await engine.stack.up().finally(() => engine.close());
        return readFileSync(log, "utf8").trimEnd().split("\n");
      };
      assert.deepEqual(await deploy(), ["stack init", "config set-all", "up --yes"]);
      // What the CLI would have left: the stack's state, and its encrypted secret.
      mkdirSync(dirname(paths.stack), { recursive: true });
      writeFileSync(paths.stack, "{}");
      const secret = 'workforce-sso:azureClientSecret:\n    secure: "v1:x"';
      writeFileSync(
        paths.config,
        `config:\n  ${secret}\n  ${secret.replace("Secret:", "Secret-partner:")}\n`,
      );
      assert.deepEqual(await deploy(), ["up --yes"]);
    }));
});
