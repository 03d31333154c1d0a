import { spawn } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { startTenant } from "../../../packages/local-tenant/src/tenant.ts";
import { createRunFolder, tenantEnvironment } from "../../../packages/local-tenant/src/cli/environment.ts";

/**
 * Runs a job against a fresh tenant, as `tenant exec` does, with a clock and a directory that the job may
 * change while it runs: the files that CLOCK_FILE (milliseconds that the tenant is ahead of this machine) and
 * DIRECTORY_FILE name.
 */
const [job = ""] = process.argv.slice(2);
const probe = createRunFolder("");
const folder = dirname(probe.caFile);
const clockFile = join(folder, "clock");
const directoryFile = join(folder, "directory.json");
writeFileSync(clockFile, "0");
copyFileSync(fileURLToPath(new URL("../../../local/directory.json", import.meta.url)), directoryFile);

const tenant = await startTenant({
  directory: () => loadDirectory(directoryFile),
  now: () => Date.now() + Number(readFileSync(clockFile, "utf8")),
});
writeFileSync(probe.caFile, tenant.ca);
const child = spawn(process.execPath, [job], {
  stdio: "inherit",
  env: {
    ...process.env,
    ...tenantEnvironment(tenant, probe.caFile),
    CLOCK_FILE: clockFile,
    DIRECTORY_FILE: directoryFile,
  },
});
process.once("SIGTERM", () => child.kill());
process.exitCode = await new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
await tenant.close();
probe.remove();
