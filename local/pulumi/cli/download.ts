import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { hideSecrets } from "../../../packages/local-tenant/src/lib/hide-secrets.ts";
import { proxyFor, proxyVariables } from "../../../packages/local-tenant/src/lib/proxy.ts";

/** Where systems keep the authorities that they trust, as one file. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * Runs a program that downloads. Its environment names the person's proxy and the company's certificate
 * authority in every way: curl and Go do not know Node.js's NODE_EXTRA_CA_CERTS or npm's `cafile`.
 */
export async function withDownloadEnvironment<T>(
  env: NodeJS.ProcessEnv,
  body: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const all = { ...env, ...proxyVariables(env) };
  const authorities = extraAuthorities(env);
  if (authorities === "") return body(all);
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-ca-"));
  try {
    const bundle = join(folder, "ca-bundle.pem");
    writeFileSync(bundle, `${systemAuthorities()}\n${authorities}\n`);
    return await body({ ...all, ...bundleVariables(env, bundle) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The reason of a program's failure, without secrets, and with the proxy that it used. */
export function downloadFailure(reason: string, target: string, env: NodeJS.ProcessEnv): string {
  const told = hideSecrets(reason, env);
  try {
    const proxy = proxyFor(new URL(target), env);
    return proxy === undefined ? told : `${told}, through ${proxy.label}`;
  } catch (error) {
    return error instanceof Error ? error.message : told;
  }
}

/** The variables for authorities. Those that the person has set for curl or Go are kept. */
function bundleVariables(env: NodeJS.ProcessEnv, bundle: string): Record<string, string> {
  const forGo = env["SSL_CERT_FILE"] || env["SSL_CERT_DIR"];
  return {
    NODE_EXTRA_CA_CERTS: bundle,
    ...(forGo ? {} : { SSL_CERT_FILE: bundle }),
    ...(forGo || env["CURL_CA_BUNDLE"] ? {} : { CURL_CA_BUNDLE: bundle }),
  };
}

function extraAuthorities(env: NodeJS.ProcessEnv): string {
  const files = [env["NODE_EXTRA_CA_CERTS"], env["npm_config_cafile"]];
  return [...new Set(files)]
    .map((file) => (file === undefined || file === "" ? "" : read(file)))
    .join("\n")
    .trim();
}

function systemAuthorities(): string {
  const file = SYSTEM_BUNDLES.find((name) => existsSync(name));
  return file === undefined ? rootCertificates.join("\n") : read(file);
}

/** The file's text, or nothing if it cannot be read. Node.js itself only warns in this case. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
