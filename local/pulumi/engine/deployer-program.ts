import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { TenantAccess } from "../resources/tenant-access.ts";

/** The tenant and who deploys to it, with its certificate authority and the file of that. */
export type Deployer = TenantAccess & { readonly ca: string; readonly caFile: string };

/**
 * A program that runs in this process with the tenant's deployer in its environment, because the preflight
 * reads the deployer there. The Pulumi CLI's own language host would do the same. After the program has
 * returned, the environment is as it was before.
 */
export function deployerProgram(program: PulumiFn, tenant: Deployer): PulumiFn {
  const variables = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AUTH0_API_TOKEN: "",
    AUTH0_AUDIENCE: "",
    SSL_CERT_FILE: tenant.caFile,
  };
  return async () => {
    const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, variables);
    try {
      return await program();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  };
}
