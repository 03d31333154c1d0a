import { createRunFolder } from "./cli/environment.ts";
import { openTenant } from "./cli/open.ts";
import { SAMPLE_DIRECTORY } from "./directory/directory.ts";
import { publicTenant } from "./public-tenant.ts";
import type { CreateTenantOptions, Tenant } from "./tenant-interface.ts";

/**
 * Starts a tenant.
 * @throws {UserError} one line: a taken port, a directory that cannot be read, a folder that another process
 * has.
 */
export async function createTenant(options: CreateTenantOptions = {}): Promise<Tenant> {
  const { directory = SAMPLE_DIRECTORY, state, certificates, port, plan, seed, flush, faults = [] } = options;
  const open = await openTenant({
    directory,
    inMemory: state === undefined,
    state: state ?? "",
    reset: false,
    faults,
    ...(certificates !== undefined && { certificates }),
    ...(flush !== undefined && { flush }),
    ...(port !== undefined && { port }),
    ...(plan !== undefined && { plan }),
    ...(seed !== undefined && { seed }),
  });
  const folder = open.caFile === undefined ? createRunFolder(open.tenant.ca) : undefined;
  return publicTenant({
    tenant: open.tenant,
    caFile: folder?.caFile ?? open.caFile ?? "",
    browsers: new Map(),
    end: async () => {
      folder?.remove();
      await open.close();
    },
  });
}
