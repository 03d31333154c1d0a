import * as pulumi from "@pulumi/pulumi";
import { type ConfigErrors, shown } from "./config-errors.ts";
import { isLoopback } from "./urls.ts";
import { parseUrl } from "../policy/parse-url.ts";

/**
 * Reads the tenant's own host (and port) from where the provider reads it: `auth0:domain`, else AUTH0_DOMAIN.
 *
 * The provider removes the scheme and puts https:// before the rest. So a path or a slash at the end would
 * get into the middle of its URLs and of the Management API's audience.
 *
 * @returns Such as `xyz.eu.auth0.com` or `localhost:8443`; empty after an error.
 */
export function readDomain(errors: ConfigErrors): string {
  const key = "auth0:domain";
  const stack = new pulumi.Config("auth0").get("domain");
  const environment = process.env["AUTH0_DOMAIN"];
  const configured = stack || environment;
  const mend = "pulumi config set auth0:domain xyz.eu.auth0.com";
  if (!configured) {
    errors.add(key, "is missing, and so is AUTH0_DOMAIN in the environment", mend);
    return "";
  }
  const domain = hostOf(configured);
  if (domain === undefined) {
    errors.add(key, `is ${shown(configured)}, which is not a host with an optional port`, mend);
    return "";
  }
  // A tenant on this machine is exempt: AUTH0_DOMAIN in a person's environment is for the real tenant that
  // they work on.
  if (stack && environment && hostOf(environment) !== domain && !isLoopbackDomain(domain)) {
    const problem = `is ${shown(stack)}, but AUTH0_DOMAIN in the environment is ${shown(environment)}: set only one of them`;
    errors.add(key, problem, "unset AUTH0_DOMAIN");
  }
  return domain;
}

/**
 * The host (and port) without a scheme, in lower case. `undefined` for a text that contains more than that,
 * or that a browser would spell differently.
 */
function hostOf(text: string): string | undefined {
  const domain = text.replace(/^https:\/\//i, "").toLowerCase();
  const host = parseUrl(`https://${domain}/`)?.host;
  return host === domain && !/\*|\.\.|\.(:|$)/.test(domain) ? domain : undefined;
}

/** Whether a tenant is on this machine, so that it is nobody else's. */
export function isLoopbackDomain(domain: string): boolean {
  const host = parseUrl(`https://${domain}`)?.hostname;
  return host !== undefined && isLoopback(host);
}
