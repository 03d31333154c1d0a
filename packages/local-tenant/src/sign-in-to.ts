import { applicationNamed, checkEmployee } from "./known-names.ts";
import { Browser, CookieJar, overHttps } from "./lib/browser.ts";
import type { BrowserResponse, Send } from "./lib/browser.ts";
import { UserError } from "./lib/errors.ts";
import { signIn } from "./lib/sign-in.ts";
import type { RunningTenant } from "./running-tenant.ts";
import type { SignIn, SignInRequest } from "./tenant-interface.ts";

/** As long as a request over HTTPS may take; by the machine's clock. */
const TIMEOUT_MS = 60_000;

/** Signs an employee in with the browser that the employee has at this tenant. */
export async function signInTo(
  tenant: RunningTenant,
  browsers: Map<string, CookieJar>,
  request: SignInRequest,
): Promise<SignIn> {
  const { context } = tenant;
  const { employee, connection, scope, audience, prompt, https = false } = request;
  const client = applicationNamed(context, request.application);
  checkEmployee(context, request);
  const redirectUri = request.redirectUri ?? client.callbacks?.[0];
  if (redirectUri === undefined) {
    throw new UserError(`The application "${client.name}" has no callback, so nobody can come back to it.`);
  }
  const jar = browsers.get(employee) ?? new CookieJar();
  browsers.set(employee, jar);
  const send = https ? overPort(tenant) : inProcess(tenant);
  const { claims, tokens } = await signIn({
    employee,
    ...(connection !== undefined && { connection }),
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(prompt !== undefined && { prompt }),
    issuer: context.issuer,
    send,
    browser: new Browser(send, jar),
    redirectUri,
    now: () => context.clock.now(),
    client: {
      id: client.client_id,
      ...(client.client_secret !== undefined && { secret: client.client_secret }),
    },
  });
  const trace = context.signIns.traces
    .list()
    .find(({ client: { id }, user }) => id === client.client_id && user.id === claims.sub);
  if (trace === undefined) throw new Error("The tenant kept no trace of this sign-in.");
  const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } = tokens;
  return { claims, idToken, accessToken, ...(refreshToken !== undefined && { refreshToken }), trace };
}

function overPort(tenant: RunningTenant): Send {
  if (tenant.listens) return overHttps(tenant.ca);
  throw new UserError("This fork has no port to sign in at. Make it by fork({ listen: true }).");
}

/**
 * Requests to the tenant are answered in this process. Where an Action sends the browser elsewhere, it goes
 * there.
 */
function inProcess(tenant: RunningTenant): Send {
  const elsewhere = overHttps(tenant.ca);
  return async (url, request) => {
    if (!url.startsWith(tenant.context.issuer)) return elsewhere(url, request);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS);
    try {
      const { status, headers, body } = await tenant.inject({ url, ...request, signal: timeout.signal });
      // SAFETY: these are headers as Node gives them to whoever reads them over a socket.
      return { url, status, headers: headers as BrowserResponse["headers"], body };
    } catch (error) {
      throw timeout.signal.aborted ? new Error(`${url} had no answer in ${TIMEOUT_MS} ms.`) : error;
    } finally {
      clearTimeout(timer);
    }
  };
}
