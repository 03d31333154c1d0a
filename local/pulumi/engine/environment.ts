import { pathToFileURL } from "node:url";
import { loopbackVariables } from "../../../packages/local-tenant/src/lib/proxy.ts";
import type { TenantAccess } from "../resources/tenant-access.ts";
import type { WorkspacePaths } from "./paths.ts";
import { STACK } from "./paths.ts";

/**
 * Pulumi's variables for the local stack: where its state is, and the file with the passphrase for its
 * secrets.
 */
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
 * The environment of the CLI and its plugins. It contains nothing of the person's own Auth0 tenant or Pulumi
 * backend, because this deployment is only for the local tenant. PULUMI_HOME stays, because plugins are
 * there.
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
    // The CLI and its plugins live for seconds: let Go collect their memory a quarter as often.
    GOGC: env["GOGC"] ?? "400",
    ...(tenant !== undefined && {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.clientId,
      AUTH0_CLIENT_SECRET: tenant.clientSecret,
      // On Linux Go reads the system's authorities from here. This must never reach a download, which needs
      // those.
      SSL_CERT_FILE: tenant.caFile,
      NODE_EXTRA_CA_CERTS: tenant.caFile,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    }),
  };
}
