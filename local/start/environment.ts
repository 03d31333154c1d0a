import { existsSync, readFileSync } from "node:fs";
import { UserError } from "../tenant/errors.ts";
import type { Layout } from "./layout.ts";
import { LOOPBACK } from "../tenant/proxy.ts";
import { caFile } from "../tenant/tls.ts";
import { workspacePaths } from "../pulumi/engine/paths.ts";
import { stackVariables } from "../pulumi/engine/environment.ts";
import { writeWhole } from "../pulumi/engine/write-file.ts";

export interface EnvironmentOptions {
  readonly layout: Layout;
  /** Host and port. */
  readonly domain: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Writes the file that lets other programs reach the running tenant: `. .local/environment` in a shell, and the Pulumi CLI,
 * curl-like clients in Go, Node.js and Python find the tenant, its deployer and its certificate authority. Mode 0600.
 */
export function writeEnvironment(options: EnvironmentOptions): void {
  const ca = caFile(options.layout.tls);
  const variables: Record<string, string> = {
    AUTH0_DOMAIN: options.domain,
    AUTH0_CLIENT_ID: options.clientId,
    AUTH0_CLIENT_SECRET: options.clientSecret,
    ISSUER: options.issuer,
    SSL_CERT_FILE: ca,
    NODE_EXTRA_CA_CERTS: ca,
    REQUESTS_CA_BUNDLE: ca,
    ...stackVariables(workspacePaths(options.layout.pulumi)),
  };
  const lines = [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    // Beside what the shell excepts already: curl and Python would ask a company's proxy for localhost.
    ...["NO_PROXY", "no_proxy"].map((name) => `export ${name}="\${${name}:+$${name},}${LOOPBACK.join(",")}"`),
  ];
  writeWhole(
    options.layout.environment,
    `# The local tenant, for programs of this shell only: SSL_CERT_FILE replaces the system's authorities.\n${lines.join("\n")}\n`,
  );
}

/**
 * What a running tenant has written of itself.
 * @throws {UserError} when there is no such file.
 */
export function readEnvironment(layout: Layout): { domain: string; clientId: string; clientSecret: string } {
  const lines = existsSync(layout.environment) ? readFileSync(layout.environment, "utf8").split("\n") : [];
  const read = (name: string) => {
    const start = `export ${name}=`;
    const value = lines.find((line) => line.startsWith(start))?.slice(start.length);
    if (value === undefined)
      throw new UserError(`${layout.environment} does not say ${name}. Run: npm start -- --once`);
    return value;
  };
  return {
    domain: read("AUTH0_DOMAIN"),
    clientId: read("AUTH0_CLIENT_ID"),
    clientSecret: read("AUTH0_CLIENT_SECRET"),
  };
}

/** A word that a POSIX shell reads as it is. */
function quote(value: string): string {
  return /^[\w./:@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
