import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { JSONWebKeySet, JWTPayload } from "jose";
import { Browser, locationOf } from "./browser.ts";
import type { Send } from "./browser.ts";

/** One employee's sign-in to one application. */
export interface SignInOptions {
  /** `https://localhost:PORT/`. */
  readonly issuer: string;
  /** How the browser and the application reach the tenant. */
  readonly send: Send;
  /** A client without a secret is a public one. */
  readonly client: { readonly id: string; readonly secret?: string };
  readonly redirectUri: string;
  /** Email of the employee. */
  readonly employee: string;
  /** Name of the connection; absent where the application has only one. */
  readonly connection?: string;
  /** `openid profile email` by default. */
  readonly scope?: string;
  readonly audience?: string;
  readonly prompt?: string;
  /** The tenant's clock, by which the ID token must be valid; the machine's by default. */
  readonly now?: () => Date;
  /** Keeps its session over several sign-ins; a new one by default. */
  readonly browser?: Browser;
}

/** What the application has in hand after a sign-in. */
export interface SignInResult {
  readonly tokens: {
    readonly access_token: string;
    readonly id_token: string;
    readonly refresh_token?: string;
    readonly scope: string;
    readonly expires_in: number;
    readonly token_type: string;
  };
  /** Of the ID token, whose signature, issuer, audience, expiry and nonce were checked. */
  readonly claims: JWTPayload;
  readonly browser: Browser;
}

/** The tenant answered the application with an OAuth error instead of a code, or instead of tokens. */
export class SignInError extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(`${error}: ${description}`);
    this.name = "SignInError";
    this.error = error;
  }
}

/**
 * Signs an employee in as a browser and the application would: `/authorize` with PKCE, the employee chooser's
 * form, the redirect to the application, the exchange of the code, and the check of the ID token against the
 * tenant's JWKS.
 * @throws {SignInError} with the error that the application was told.
 */
export async function signIn(options: SignInOptions): Promise<SignInResult> {
  const browser = options.browser ?? new Browser(options.send);
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const nonce = randomBytes(16).toString("base64url");
  const callback = await reachCallback(browser, options, { verifier, state, nonce });
  if (callback.get("state") !== state) throw new Error("The tenant did not send the state back.");
  const tokens = await exchange(options, callback.get("code") ?? "", verifier);
  const jwks = await options.send(`${options.issuer}.well-known/jwks.json`, {});
  // SAFETY: jose checks the shape of the key set itself.
  const keys = createLocalJWKSet(JSON.parse(jwks.body) as JSONWebKeySet);
  const { payload } = await jwtVerify(tokens.id_token, keys, {
    algorithms: ["RS256"],
    issuer: options.issuer,
    audience: options.client.id,
    ...(options.now !== undefined && { currentDate: options.now() }),
  });
  if (payload["nonce"] !== nonce) throw new Error("The ID token does not carry the nonce of this sign-in.");
  return { tokens, claims: payload, browser };
}

/** The parameters with which the browser was sent back to the application. */
async function reachCallback(
  browser: Browser,
  options: SignInOptions,
  { verifier, state, nonce }: { verifier: string; state: string; nonce: string },
): Promise<URLSearchParams> {
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: options.client.id,
    redirect_uri: options.redirectUri,
    scope: options.scope ?? "openid profile email",
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    login_hint: options.employee,
    ...(options.connection === undefined ? {} : { connection: options.connection }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
  });
  const stopAt = options.redirectUri;
  let response = await browser.open(`${options.issuer}authorize?${parameters.toString()}`, { stopAt });
  if (locationOf(response) === undefined) {
    const form = { ...hiddenFields(response.body), employee: options.employee };
    response = await browser.open(`${options.issuer}u/login`, { form, stopAt });
  }
  const location = locationOf(response);
  if (location === undefined) {
    const shown = response.body
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    throw new Error(
      `The tenant answered ${response.status} with a page instead of a redirect: ${shown.slice(0, 500)}`,
    );
  }
  const answer = new URL(location).searchParams;
  const error = answer.get("error");
  if (error !== null) throw new SignInError(error, answer.get("error_description") ?? "");
  return answer;
}

async function exchange(
  options: SignInOptions,
  code: string,
  verifier: string,
): Promise<SignInResult["tokens"]> {
  const response = await options.send(`${options.issuer}oauth/token`, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: options.client.id,
      ...(options.client.secret === undefined ? {} : { client_secret: options.client.secret }),
      code,
      code_verifier: verifier,
      redirect_uri: options.redirectUri,
    }).toString(),
  });
  // SAFETY: a token answer is one of the two shapes of RFC 6749 section 5; the test below tells them apart.
  const answer = JSON.parse(response.body) as SignInResult["tokens"] & {
    error?: string;
    error_description?: string;
  };
  if (answer.error !== undefined) throw new SignInError(answer.error, answer.error_description ?? "");
  return answer;
}

/** The hidden fields of the page's form, which a browser sends along. */
function hiddenFields(page: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of page.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const value = /\bvalue="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined && value !== undefined) fields[name] = value;
  }
  return fields;
}
