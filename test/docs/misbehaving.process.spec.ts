import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";
import { shellBlocks } from "./pages.ts";

describe("the documentation", () => {
  for (const page of ["docs/local-tenant.md", "packages/local-tenant/README.md"]) {
    it(`shows how to make a running tenant misbehave: ${page}`, async function () {
      if (process.platform === "win32") this.skip();
      const block = shellBlocks(page).find((text) => text.includes("curl ")) ?? "";
      await withTemporaryFolder(async (folder) => {
        const test = await startTestTenant();
        try {
          const { context, ca } = test.tenant;
          const { clientId, clientSecret } = context.store.deployer;
          writeFileSync(join(folder, "ca.pem"), ca);
          const environment = {
            ISSUER: context.issuer,
            SSL_CERT_FILE: join(folder, "ca.pem"),
            AUTH0_CLIENT_ID: clientId,
            AUTH0_CLIENT_SECRET: clientSecret,
          };
          // The file that it reads holds these variables, which another test looks after.
          await shell(block.replace(/^\. .*environment$/m, ""), environment);
          assert.equal(context.faults.list().length, 1);
        } finally {
          await test.close();
        }
      });
    });
  }
});

async function shell(script: string, env: Record<string, string>): Promise<void> {
  const child = spawn("sh", ["-e", "-c", script], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const [code] = (await once(child, "close")) as [number];
  assert.equal(code, 0, complaint);
}
