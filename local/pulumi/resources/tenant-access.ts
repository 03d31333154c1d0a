/** Where the tenant is and who deploys to it. */
export interface TenantAccess {
  /** `HOST:PORT` on this machine. */
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the only authority that is trusted. Absent: the ones that Node.js trusts. */
  readonly ca?: string;
}

/**
 * Refuses a tenant that is not on this machine. The stand-in has not been built with the care that a
 * company's tenant needs.
 * @throws {Error} for any host but `localhost`, 127.0.0.0/8 and ::1.
 */
export function assertLoopback(domain: string): void {
  let host: string;
  try {
    host = new URL(`https://${domain}`).hostname;
  } catch {
    throw new Error(
      `The domain "${domain}" is not of the form HOST:PORT. Set auth0:domain or AUTH0_DOMAIN to the local tenant's.`,
    );
  }
  if (host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host)) return;
  throw new Error(
    `The stand-in provider deploys to a tenant on this machine only, and "${domain}" is elsewhere. ` +
      "Use the auth0 plugin for it: pulumi plugin install resource auth0 3.49.0",
  );
}

/** The domain as the plugin takes it: without a scheme and without slashes at the end. */
export function bareDomain(domain: string): string {
  return domain.replace(/^[a-z]+:\/\//i, "").replace(/\/+$/, "");
}
