import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { Connection, Cookies } from "./connection.ts";
import type { Answer } from "./connection.ts";

/** Whoever signs in, and the groups that their token has to name. */
export interface Person {
  readonly email: string;
  readonly groups: readonly string[];
}

/** A form that is sent. */
export interface Filled {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A server that people sign in at, and the application that they sign in to. */
export interface Target {
  readonly issuer: string;
  readonly ca: string;
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string };
  readonly people: readonly Person[];
  readonly claim: string;
  /** Fills in what a person is shown. */
  fill(page: string, person: Person, asked: URLSearchParams): Filled;
}

/** A target's addresses and keys, which an application reads once. */
export interface Known {
  readonly target: Target;
  readonly authorize: string;
  readonly token: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly issuer: string;
}

/** What one sign-in took. */
export interface SignedIn {
  /** Tokens of the answer that are signed with RS256. */
  readonly signatures: number;
}

/** What the browser and the application's server keep open. */
export class Worker {
  readonly browser: Connection;
  readonly application: Connection;

  constructor({ issuer, ca }: Target) {
    this.browser = new Connection(issuer, ca);
    this.application = new Connection(issuer, ca);
  }

  get requests(): number {
    return this.browser.requests + this.application.requests;
  }

  close(): void {
    this.browser.close();
    this.application.close();
  }
}

/** Reads discovery and the keys. */
export async function learn(target: Target): Promise<Known> {
  const connection = new Connection(target.issuer, target.ca);
  try {
    // SAFETY: the shapes that OpenID Connect Discovery and RFC 7517 give; a missing member shows below.
    const discovery = JSON.parse((await connection.send("/.well-known/openid-configuration")).body) as Record<
      "issuer" | "authorization_endpoint" | "token_endpoint" | "jwks_uri",
      string
    >;
    const set = JSON.parse((await connection.send(pathOf(discovery.jwks_uri))).body) as {
      keys: (JsonWebKey & { kid: string })[];
    };
    return {
      target,
      issuer: discovery.issuer,
      authorize: pathOf(discovery.authorization_endpoint),
      token: pathOf(discovery.token_endpoint),
      keys: new Map(set.keys.map((key) => [key.kid, createPublicKey({ key, format: "jwk" })])),
    };
  } finally {
    connection.close();
  }
}

/**
 * One sign-in by a person whose browser knows nothing of the server: authorize with PKCE, the form, the way
 * back to the application, the exchange of the code, and the check of the ID token: signature, issuer,
 * audience, nonce, expiry and groups.
 * @throws {Error} for anything but a right token.
 */
export async function signIn(known: Known, worker: Worker, person: Person): Promise<SignedIn> {
  const { target } = known;
  const verifier = randomBytes(32).toString("base64url");
  const nonce = randomBytes(16).toString("base64url");
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: target.client.id,
    redirect_uri: target.client.redirectUri,
    scope: "openid profile email",
    state: randomBytes(16).toString("base64url"),
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const back = await reachApplication(known, worker.browser, person, asked);
  if (back.get("state") !== asked.get("state")) throw new Error("The state did not come back.");
  const exchange = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: target.client.id,
    client_secret: target.client.secret,
    code: back.get("code") ?? "",
    code_verifier: verifier,
    redirect_uri: target.client.redirectUri,
  });
  const { status, body } = await worker.application.send(known.token, "", exchange);
  if (status !== 200) throw new Error(`The token endpoint answered ${status}: ${body.slice(0, 500)}`);
  // SAFETY: the answer of a token endpoint; the ID token is checked member by member.
  const tokens = JSON.parse(body) as { id_token: string; access_token: string };
  checkToken(known, person, nonce, tokens.id_token);
  return { signatures: [tokens.id_token, tokens.access_token].filter(isSigned).length };
}

async function reachApplication(
  { target, authorize }: Known,
  browser: Connection,
  person: Person,
  asked: URLSearchParams,
): Promise<URLSearchParams> {
  const cookies = new Cookies();
  let answer = await browser.send(`${authorize}?${asked.toString()}`);
  for (let steps = 0; steps < 10; steps += 1) {
    cookies.keep(answer);
    const { location } = answer.headers;
    if (location?.startsWith(target.client.redirectUri) === true) return new URL(location).searchParams;
    if (location !== undefined) answer = await browser.send(pathOf(location), cookies.header());
    else if (answer.status !== 200) break;
    else answer = await submit(browser, cookies, target.fill(answer.body, person, asked));
  }
  throw new Error(`The browser was left at ${answer.status}: ${answer.body.slice(0, 500)}`);
}

function submit(browser: Connection, cookies: Cookies, { action, fields }: Filled): Promise<Answer> {
  return browser.send(action, cookies.header(), new URLSearchParams(fields));
}

function checkToken({ target, keys, issuer }: Known, person: Person, nonce: string, token: string): void {
  const [head = "", payload = "", signature = ""] = token.split(".");
  const header = decode(head);
  const key = keys.get(String(header["kid"]));
  const signed = Buffer.from(`${head}.${payload}`);
  if (header["alg"] !== "RS256" || key === undefined) throw new Error("The token has no RS256 signature.");
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) {
    throw new Error("The token's signature is wrong.");
  }
  const claims = decode(payload);
  const groups = claims[target.claim];
  const right =
    claims["iss"] === issuer &&
    claims["aud"] === target.client.id &&
    claims["nonce"] === nonce &&
    Number(claims["exp"]) > Date.now() / 1000 &&
    Array.isArray(groups) &&
    groups.length === person.groups.length &&
    person.groups.every((group) => groups.includes(group));
  if (!right) throw new Error(`The claims are wrong: ${JSON.stringify(claims)}`);
}

function isSigned(token: string): boolean {
  const parts = token.split(".");
  return parts.length === 3 && decode(parts[0] ?? "")["alg"] === "RS256";
}

function decode(part: string): Record<string, unknown> {
  // SAFETY: header and claims of a JWT are objects; every member is looked at before it is used.
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
}

/** An address without its host, which is that of the server in all of them. */
function pathOf(address: string): string {
  return address.replace(/^https?:\/\/[^/]+/, "");
}
