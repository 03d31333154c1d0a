import { existsSync } from "node:fs";
import { PROJECT, workspacePaths } from "../pulumi/engine/paths.ts";
import { preparePassphrase } from "../pulumi/engine/workspace.ts";
import type { Directory } from "../../packages/local-tenant/src/directory/directory.ts";
import type { DirectorySource } from "../../packages/local-tenant/src/directory/watch-directory.ts";
import { startTenant } from "../../packages/local-tenant/src/tenant.ts";
import type { Tenant } from "../../packages/local-tenant/src/tenant.ts";
import { loadTls } from "../../packages/local-tenant/src/lib/tls.ts";
import { writeEnvironment } from "./environment.ts";
import { refusal } from "../../packages/local-tenant/src/store/folder.ts";
import type { About, Layout } from "../../packages/local-tenant/src/store/folder.ts";
import { nextFreePort } from "../../packages/local-tenant/src/lib/port.ts";

export interface LocalTenantOptions {
  readonly layout: Layout;
  readonly directory: Directory | DirectorySource;
  readonly port?: number;
  /** Whether it remembers anything after it has stopped. */
  readonly kept: boolean;
}

/**
 * Starts the tenant on its port (the one of its state, else the one asked for, else the next free one) and writes the
 * environment file for it.
 * @throws {UserError} when the port is taken or the state cannot be read.
 */
export async function openLocalTenant(options: LocalTenantOptions): Promise<Tenant> {
  const { layout, directory, kept } = options;
  preparePassphrase(workspacePaths(layout.pulumi));
  const tls = await loadTls(layout.tls);
  const remembered = kept && existsSync(layout.tenant);
  const port = options.port ?? (remembered ? undefined : await nextFreePort());
  const tenant = await startTenant({
    directory,
    tls,
    ...(port === undefined ? {} : { port }),
    ...(kept ? { stateFile: layout.tenant } : {}),
  });
  try {
    const { domain, issuer, store } = tenant.context;
    writeEnvironment({ layout, domain, issuer, ...store.deployer });
    return tenant;
  } catch (error) {
    await tenant.close();
    throw error;
  }
}

/**
 * Notes which tenant the stack's state is about.
 * @throws {UserError} when it is about another one.
 */
export function tieToTenant(about: About, tenant: Tenant, layout: Layout): About {
  const deployer = tenant.context.store.deployer.clientId;
  if (about.deployer !== undefined && about.deployer !== deployer) {
    throw refusal(
      layout,
      `has the state of a ${PROJECT} stack that was deployed onto another tenant than tenant.json's`,
    );
  }
  return { ...about, deployer };
}
