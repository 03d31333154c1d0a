import { pathToFileURL } from "node:url";
import { loopbackVariables } from "../../../packages/local-tenant/src/lib/proxy.ts";
import type { TenantAccess } from "../resources/tenant-access.ts";
import type { WorkspacePaths } from "./paths.ts";
import { STACK } from "./paths.ts";

/** Where the local stack's state is, and with what its secrets are encrypted, as Pulumi's own variables say it. */
export function stackVariables(paths: WorkspacePaths): {
  PULUMI_BACKEND_URL: string;
  PULUMI_CONFIG_PASSPHRASE_FILE: string;
  PULUMI_STACK: string;
} {
  return {
    PULUMI_BACKEND_URL: pathToFileURL(paths.state).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
    PULUMI_STACK: STACK,
  };
}

/**
 * What the CLI and its plugins get. Nothing of the person's own Auth0 tenant or Pulumi backend comes along: this deployment
 * is for the local tenant alone. PULUMI_HOME, where plugins are, stays.
 */
export function deploymentEnvironment(
  env: NodeJS.ProcessEnv,
  paths: WorkspacePaths,
  tenant?: TenantAccess & { readonly caFile: string },
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => name === "PULUMI_HOME" || !/^(AUTH0|PULUMI)_/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...loopbackVariables(env),
    ...stackVariables(paths),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(tenant !== undefined && {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.clientId,
      AUTH0_CLIENT_SECRET: tenant.clientSecret,
      // Go takes the system's bundle from here (Linux), so this must never reach a download.
      SSL_CERT_FILE: tenant.caFile,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    }),
  };
}
