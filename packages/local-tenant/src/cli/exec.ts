import { runAttached } from "../lib/run-attached.ts";
import { createRunFolder, tenantEnvironment } from "./environment.ts";
import { openTenant } from "./open.ts";
import type { ToolOptions } from "./options.ts";

/**
 * Runs a shell command against a fresh tenant in memory.
 * @returns the command's exit code, or 128 and the number of the signal that ended it, as shells have it.
 */
export async function exec(options: ToolOptions): Promise<number> {
  const open = await openTenant({ ...options, early: true });
  const folder = createRunFolder(open.tenant.ca);
  try {
    const env = { ...process.env, ...tenantEnvironment(open.tenant, folder.caFile) };
    return await runAttached(options.argument, undefined, { env });
  } finally {
    folder.remove();
    await open.close();
  }
}
