import program from "../../index.ts";
import { encodeConfig, localConfig, projectDefaults, SECRET_KEY } from "../../local/pulumi/engine/config.ts";
import { deployInProcess } from "../../local/pulumi/in-process.ts";
import type { InProcessResult } from "../../local/pulumi/in-process.ts";
import type { TenantAccess } from "../../local/pulumi/resources/tenant-access.ts";
import { sampleProject } from "./sample.ts";

/**
 * Deploys the sample company's stack to a tenant through its Management API, without an engine.
 * @param settings Configuration on top of the sample's, by whole keys.
 */
export function deploySample(
  tenant: TenantAccess,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<InProcessResult> {
  const root = sampleProject();
  return deployInProcess({
    program,
    config: encodeConfig({
      ...projectDefaults(root),
      ...localConfig(root, { domain: tenant.domain }),
      ...settings,
      [SECRET_KEY]: "of-the-directory",
    }),
    secretKeys: [SECRET_KEY],
    tenant,
  });
}
