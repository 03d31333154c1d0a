import * as pulumi from "@pulumi/pulumi";
import { type Faults, shown } from "./faults.ts";
import { isLoopback } from "./urls.ts";

/**
 * Reads the tenant's own host (and port) where the provider reads it: `auth0:domain`, else AUTH0_DOMAIN.
 *
 * The provider cuts any scheme and puts https:// before the rest as it is, so a path or a slash at the end would end up in
 * the middle of its URLs and of the Management API's audience.
 *
 * @returns Such as `xyz.eu.auth0.com` or `localhost:8443`; empty after a fault.
 */
export function readDomain(faults: Faults): string {
  const configured = new pulumi.Config("auth0").get("domain") || process.env["AUTH0_DOMAIN"];
  const mend = "pulumi config set auth0:domain xyz.eu.auth0.com";
  if (!configured) {
    faults.add("auth0:domain", "is missing, and so is AUTH0_DOMAIN in the environment", mend);
    return "";
  }
  const domain = configured.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  if (!URL.canParse(`https://${domain}`) || new URL(`https://${domain}/`).host !== domain.toLowerCase()) {
    faults.add("auth0:domain", `is ${shown(configured)}, which is not a host with an optional port`, mend);
    return "";
  }
  return domain;
}

/** Whether a tenant is on this machine, which other people's tenants are not. */
export function isLoopbackDomain(domain: string): boolean {
  return URL.canParse(`https://${domain}`) && isLoopback(new URL(`https://${domain}`).hostname);
}
