import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { TenantAccess } from "../resources/tenant-access.ts";

/** The tenant and who deploys to it, with its certificate authority and the file of that. */
export type Deployer = TenantAccess & { readonly ca: string; readonly caFile: string };

/** A program with the tenant's deployer in the environment. */
export interface DeployerProgram {
  readonly run: PulumiFn;
  /** Puts the environment back for a run that has not ended. */
  end(): void;
}

/** Puts the environment back as it was before the program that has it now. */
let putBack = (): void => undefined;

/**
 * A program that runs in this process with the tenant's deployer in its environment, because the preflight
 * reads the deployer there. The Pulumi CLI's own language host would do the same. After the program has
 * returned, the environment is as it was before. One that the engine no longer waits for never returns, or
 * does so during the next run: then the next run, or `end`, puts the environment back.
 */
export function deployerProgram(program: PulumiFn, tenant: Deployer): DeployerProgram {
  const variables = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AUTH0_API_TOKEN: "",
    AUTH0_AUDIENCE: "",
    SSL_CERT_FILE: tenant.caFile,
  };
  let end = (): void => undefined;
  return {
    run: async () => {
      putBack();
      const mine = changeEnvironment(variables);
      end = mine;
      try {
        return await program();
      } finally {
        mine();
      }
    },
    end: () => end(),
  };
}

/** @returns what takes the change back, unless it was taken back before. */
function changeEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  const mine = (): void => {
    if (putBack !== mine) return;
    putBack = () => undefined;
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  putBack = mine;
  return mine;
}
