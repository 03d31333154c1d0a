import { readFileSync } from "node:fs";
import type { TenantAccess } from "../resources/tenant-access.ts";
import type { Props } from "../resources/values.ts";
import { revealProps } from "../resources/values.ts";

/**
 * Reads the tenant from the engine's configuration (`auth0:domain`, ...) or the environment (`AUTH0_DOMAIN`,
 * ...), as the plugin does. The authority is that of SSL_CERT_FILE, also as for the plugin.
 * @throws {Error} if a setting is missing, or the stand-in does not know it.
 */
export function readAccess(settings: Props, environment: NodeJS.ProcessEnv): TenantAccess {
  const given = revealProps(settings);
  for (const name of ["apiToken", "clientAssertionPrivateKey", "cliLogin", "audience"]) {
    if (given[name] === undefined || given[name] === "") continue;
    throw new Error(
      `auth0:${name} is not known to the stand-in provider: it takes domain, clientId and clientSecret.`,
    );
  }
  const need = (name: string, variable: string): string => {
    const value = typeof given[name] === "string" && given[name] !== "" ? given[name] : environment[variable];
    if (value !== undefined && value !== "") return value;
    throw new Error(
      `The tenant's ${name} is missing. Set it with: pulumi config set auth0:${name} VALUE, or in ${variable}.`,
    );
  };
  const file = environment["SSL_CERT_FILE"];
  return {
    domain: need("domain", "AUTH0_DOMAIN"),
    clientId: need("clientId", "AUTH0_CLIENT_ID"),
    clientSecret: need("clientSecret", "AUTH0_CLIENT_SECRET"),
    ...(file === undefined || file === "" ? {} : { ca: readFileSync(file, "utf8") }),
  };
}
