import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentText } from "../lib/environment-file.ts";
import { loopbackVariables } from "../lib/proxy.ts";
import { writeWhole } from "../lib/write-whole.ts";
import type { RunningTenant } from "../running-tenant.ts";

/** The variables that tell a program where the tenant is, how to deploy to it, and whom to trust. */
export function tenantEnvironment(tenant: RunningTenant, caFile: string): Record<string, string> {
  const { domain, issuer, store } = tenant.context;
  return {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: store.deployer.clientId,
    AUTH0_CLIENT_SECRET: store.deployer.clientSecret,
    ISSUER: issuer,
    SSL_CERT_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
    ...loopbackVariables(process.env),
  };
}

/**
 * Writes variables as a file for `set -a; . FILE`, which only its owner can read, because one of them is a
 * secret.
 */
export function writeEnvironmentFile(file: string, variables: Readonly<Record<string, string>>): void {
  writeWhole(file, environmentText(variables, { exported: false }));
}

/** A folder for the files of one run. `remove` may be called more than once. */
export interface RunFolder {
  readonly caFile: string;
  readonly environmentFile: string;
  remove(): void;
}

/**
 * Makes a folder for one run with the tenant's certificate authority in it. It goes when `remove` is called,
 * or with the process.
 */
export function createRunFolder(ca: string): RunFolder {
  const path = mkdtempSync(join(tmpdir(), "local-tenant-"));
  const caFile = join(path, "ca.pem");
  writeFileSync(caFile, ca);
  const remove = () => {
    process.removeListener("exit", remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.on("exit", remove);
  return { caFile, environmentFile: join(path, "deployer.env"), remove };
}
