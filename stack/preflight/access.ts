import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";

/** How to ask the tenant: its address and the credentials. */
export interface Access {
  /** The tenant's own host (and port). */
  readonly domain: string;
  readonly credentials: Credentials;
  /** The authorities to trust instead of Node.js's own ones; if absent, Node.js's own ones are trusted. */
  readonly ca?: readonly string[];
}

/** An existing token, or the credentials to ask for one. */
export type Credentials =
  | { readonly token: string }
  | { readonly clientId: string; readonly clientSecret: string; readonly audience: string };

/**
 * Reads the deployer's credentials from where the provider reads them: the configuration (`auth0:clientId`,
 * ...), else the environment (`AUTH0_CLIENT_ID`, ...).
 *
 * @param domain The tenant's own host and port.
 * @throws {Error} which says what is missing, without any value.
 */
export function readAccess(domain: string, environment: NodeJS.ProcessEnv = process.env): Access {
  const config = new pulumi.Config("auth0");
  const read = (key: string, variable: string) => config.get(key) || environment[variable] || undefined;
  const ca = readAuthorities(environment);
  const common = { domain, ...(ca !== undefined && { ca }) };
  const token = read("apiToken", "AUTH0_API_TOKEN");
  if (token !== undefined) return { ...common, credentials: { token } };
  const clientId = read("clientId", "AUTH0_CLIENT_ID");
  const clientSecret = read("clientSecret", "AUTH0_CLIENT_SECRET");
  if (clientId === undefined || clientSecret === undefined) {
    throw new Error(
      "it needs auth0:clientId and auth0:clientSecret, or AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or AUTH0_API_TOKEN",
    );
  }
  const audience = read("audience", "AUTH0_AUDIENCE") ?? `https://${domain}/api/v2/`;
  return { ...common, credentials: { clientId, clientSecret, audience } };
}

/**
 * The provider trusts the authorities of SSL_CERT_FILE, so they are trusted here too. A list given to Node.js
 * replaces its own authorities and those of NODE_EXTRA_CA_CERTS, so the list contains these as well.
 */
function readAuthorities(environment: NodeJS.ProcessEnv): string[] | undefined {
  const file = environment["SSL_CERT_FILE"];
  if (!file) return undefined;
  const extra = environment["NODE_EXTRA_CA_CERTS"];
  const files = extra ? [file, extra] : [file];
  return [...rootCertificates, ...files.map((name) => readFileSync(name, "utf8"))];
}
