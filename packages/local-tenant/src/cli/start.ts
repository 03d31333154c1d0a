import { join } from "node:path";
import { createRunFolder, tenantEnvironment, writeEnvironmentFile } from "./environment.ts";
import type { RunFolder } from "./environment.ts";
import { openTenant } from "./open.ts";
import type { OpenTenant } from "./open.ts";
import type { ToolOptions } from "./options.ts";
import { stateFolder } from "./state-folder.ts";

/** Runs the tenant until it is told to stop by SIGINT, SIGTERM or SIGHUP. */
export async function start(options: ToolOptions): Promise<number> {
  const stop = stopSignal();
  const open = await openTenant({ ...options, early: true });
  const folder = open.caFile === undefined ? createRunFolder(open.tenant.ca) : undefined;
  try {
    process.stdout.write(announce(options, open, folder));
    await stop;
  } finally {
    await open.close();
    folder?.remove();
  }
  return 0;
}

function announce(options: ToolOptions, open: OpenTenant, folder: RunFolder | undefined): string {
  const { tenant } = open;
  const ca = folder?.caFile ?? open.caFile ?? "";
  const file = folder?.environmentFile ?? join(stateFolder(options.state).path, "deployer.env");
  const variables = tenantEnvironment(tenant, ca);
  writeEnvironmentFile(file, variables);
  const kept = options.inMemory ? "only in memory" : stateFolder(options.state).stateFile;
  return [
    `The local tenant is up: ${tenant.context.issuer}`,
    `  domain       ${tenant.context.domain}`,
    `  kept         ${kept}`,
    `  deployer     ${variables["AUTH0_CLIENT_ID"]}, with every Management API scope`,
    `  authority    ${ca}`,
    `  variables    set -a; . '${file}'; set +a`,
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

/** Resolves at the first signal to stop. A second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
