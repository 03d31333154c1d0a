import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  environmentText,
  quoted,
  readEnvironmentText,
} from "../../packages/local-tenant/src/lib/environment-file.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import type { StateFolder, Tenant } from "../../packages/local-tenant/src/index.ts";
import { LOOPBACK } from "../../packages/local-tenant/src/lib/proxy.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import { workspacePaths } from "../pulumi/engine/paths.ts";
import { stackVariables } from "../pulumi/engine/environment.ts";
import { ROOT } from "./context.ts";
import { writeWhole } from "../../packages/local-tenant/src/lib/write-whole.ts";

/**
 * Writes the file that lets other programs reach the running tenant. After `. .local/environment` in a shell,
 * curl, `pulumi` and programs in Go, Node.js and Python find the tenant, its deployer and its certificate
 * authority. Mode 0600.
 */
export function writeEnvironment(
  folder: StateFolder,
  { domain, issuer, deployer }: Pick<Tenant, "domain" | "issuer" | "deployer">,
): void {
  const ca = caFile(folder.tlsFolder);
  const variables: Record<string, string> = {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: deployer.clientId,
    AUTH0_CLIENT_SECRET: deployer.clientSecret,
    ISSUER: issuer,
    SSL_CERT_FILE: ca,
    NODE_EXTRA_CA_CERTS: ca,
    REQUESTS_CA_BUNDLE: ca,
    // curl reads this one before the others, so the person's own value would win.
    CURL_CA_BUNDLE: ca,
    ...stackVariables(workspacePaths(folder.pulumiFolder)),
  };
  const lines = environmentText(variables, { exported: true });
  writeWhole(folder.environmentFile, `${HEAD}\n${lines}${REACH}\n${pulumi(folder)}\n`);
}

const HEAD =
  "# The local tenant, for programs of this shell only: the variables for certificates replace the system's authorities.";

/**
 * Removes the person's own authorities, and exempts localhost from the proxy, so that programs reach the
 * tenant.
 */
const REACH = `unset SSL_CERT_DIR
NO_PROXY="\${no_proxy:-\${NO_PROXY:-}}"
case ",$NO_PROXY," in
  *,localhost,*) ;;
  *) NO_PROXY="\${NO_PROXY:+$NO_PROXY,}${LOOPBACK.join(",")}" ;;
esac
no_proxy="$NO_PROXY"
export NO_PROXY no_proxy`;

/**
 * The shell function `pulumi`. The CLI itself would take the project from the current folder, find no
 * configuration of the local stack there, and leave a Pulumi.local.yaml behind. The function unsets the
 * authorities, because the CLI's downloads do not come from the local tenant.
 */
function pulumi({ path }: StateFolder): string {
  const authorities = "SSL_CERT_FILE NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE";
  const command = `WORKFORCE_SSO_LOCAL=${quoted(resolve(path))} npm --silent --prefix ${quoted(ROOT)} run pulumi -- "$@"`;
  return `# The local stack, from any folder. For a stack of your own: unset -f pulumi\npulumi() ( unset ${authorities}; ${command} )`;
}

/**
 * Reads what a running tenant has written about itself.
 * @throws {UserError} if there is no such file.
 */
export function readEnvironment({ environmentFile }: StateFolder): {
  domain: string;
  clientId: string;
  clientSecret: string;
} {
  const text = existsSync(environmentFile) ? readFileSync(environmentFile, "utf8") : "";
  const variables = readEnvironmentText(text);
  const read = (name: string) => {
    const value = variables.get(name);
    if (value === undefined)
      throw new UserError(`${environmentFile} has no ${name}. Run: npm start -- --once`);
    return value;
  };
  return {
    domain: read("AUTH0_DOMAIN"),
    clientId: read("AUTH0_CLIENT_ID"),
    clientSecret: read("AUTH0_CLIENT_SECRET"),
  };
}
