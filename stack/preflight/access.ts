import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";

/** How to ask the tenant: where it is and who asks. */
export interface Access {
  /** The tenant's own host (and port). */
  readonly domain: string;
  readonly credentials: Credentials;
  /** The authorities to trust in place of Node.js's own; absent: those. */
  readonly ca?: readonly string[];
}

/** A token that is there already, or what a token is asked for with. */
export type Credentials =
  | { readonly token: string }
  | { readonly clientId: string; readonly clientSecret: string; readonly audience: string };

/**
 * Reads the deployer's credentials where the provider reads them: the configuration (`auth0:clientId`, ...), else the environment
 * (`AUTH0_CLIENT_ID`, ...).
 *
 * @param domain The tenant's own host and port.
 * @throws {Error} which says what is missing, and no value.
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
 * The provider takes its authorities from SSL_CERT_FILE; here they are trusted besides the usual ones, with those that Node.js
 * has been given itself, which a list of one's own would displace.
 */
function readAuthorities(environment: NodeJS.ProcessEnv): string[] | undefined {
  const file = environment["SSL_CERT_FILE"];
  if (!file) return undefined;
  const extra = environment["NODE_EXTRA_CA_CERTS"];
  const files = extra ? [file, extra] : [file];
  return [...rootCertificates, ...files.map((name) => readFileSync(name, "utf8"))];
}
