import { nextFreePort } from "../../packages/local-tenant/src/lib/port.ts";
import { createTenant } from "../../packages/local-tenant/src/index.ts";
import type {
  About,
  CreateTenantOptions,
  StateFolder,
  Tenant,
} from "../../packages/local-tenant/src/index.ts";
import { PROJECT, workspacePaths } from "../pulumi/engine/paths.ts";
import { preparePassphrase } from "../pulumi/engine/workspace.ts";
import { writeEnvironment } from "./environment.ts";

/** The tenant, and whether it remembers anything after it has stopped. */
export type LocalTenantOptions = Pick<CreateTenantOptions, "directory" | "port"> & { readonly kept: boolean };

/**
 * Starts the tenant in a folder whose lock the caller holds, and writes its environment file. Its port is
 * that of its state, else the requested one, else the next free one.
 * @throws {UserError} when the port is taken or the state cannot be read.
 */
export async function openLocalTenant(
  folder: StateFolder,
  { kept, ...options }: LocalTenantOptions,
): Promise<Tenant> {
  preparePassphrase(workspacePaths(folder.pulumiFolder));
  const place = kept
    ? { state: folder }
    : { certificates: folder.tlsFolder, port: options.port ?? (await nextFreePort()) };
  const tenant = await createTenant({ ...options, ...place });
  try {
    writeEnvironment(folder, tenant);
    return tenant;
  } catch (error) {
    await tenant.close();
    throw error;
  }
}

/**
 * Notes which tenant the stack's state belongs to, and where that was when the stack was deployed last.
 * @throws {UserError} if it belongs to another one.
 */
export function tieToTenant(about: About, { deployer, domain }: Tenant, folder: StateFolder): About {
  if (about.deployer !== undefined && about.deployer !== deployer.clientId) {
    throw folder.refusal(
      `has the state of a ${PROJECT} stack that was deployed onto another tenant than tenant.json's`,
    );
  }
  // An earlier version has not noted where a tenant was.
  const before = about.deployer === undefined ? domain : "unknown";
  return { ...about, deployer: deployer.clientId, domain: about.domain ?? before };
}
