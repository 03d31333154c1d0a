import { createHash } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import type { TestApplication } from "./application.ts";
import type { TestTenant } from "./tenant.ts";

/** A verifier that tests send, and the S256 challenge that goes with it. */
export const VERIFIER = "a-verifier-that-is-long-enough-to-be-one-0123456789";
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

type Values = Record<string, string | undefined>;

/**
 * One browser (or one application's server) that talks to a tenant, without a socket. It keeps cookies and
 * follows nothing.
 */
export class Agent {
  readonly #test: TestTenant;
  readonly cookies = new Map<string, string>();

  constructor(test: TestTenant) {
    this.#test = test;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.#send("GET", path, undefined, headers);
  }

  /** Sends a form; values of `undefined` are left out. */
  post(path: string, form: Values, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.#send("POST", path, encode(form), {
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    });
  }

  /** `GET /authorize` for an application, with values changed or (`undefined`) left out. */
  authorize(application: TestApplication, changes: Values = {}): Promise<LightMyRequestResponse> {
    const values: Values = {
      response_type: "code",
      client_id: application.client.client_id,
      redirect_uri: application.redirectUri,
      scope: "openid profile email",
      state: "a-state",
      nonce: "a-nonce",
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
      connection: application.connection.name,
      ...changes,
    };
    return this.get(`/authorize?${encode(values)}`);
  }

  /** Picks an employee on the page that `/authorize` redirected to. */
  async pick(redirect: LightMyRequestResponse, employee: string): Promise<LightMyRequestResponse> {
    const state = new URL(redirect.headers.location ?? "", "https://localhost").searchParams.get("state");
    return this.post("/u/login", { state: state ?? "", employee });
  }

  /** Goes the whole way to the redirect that brings the application its code. */
  async signIn(
    application: TestApplication,
    changes: Values & { employee?: string } = {},
  ): Promise<LightMyRequestResponse> {
    const { employee = "ada.lindqvist@xyz.example", ...values } = changes;
    const redirect = await this.authorize(application, values);
    if (!String(redirect.headers.location).startsWith("/u/login")) return redirect;
    return this.pick(redirect, employee);
  }

  /** The code of a sign-in. */
  async code(application: TestApplication, changes: Values & { employee?: string } = {}): Promise<string> {
    const response = await this.signIn(application, changes);
    const code = answerOf(response)["code"];
    if (code === undefined) throw new Error(`No code: ${response.statusCode} ${response.headers.location}`);
    return code;
  }

  /** `POST /oauth/token` for a code, with values changed or left out. */
  exchange(
    application: TestApplication,
    code: string,
    changes: Values = {},
  ): Promise<LightMyRequestResponse> {
    return this.token({
      grant_type: "authorization_code",
      client_id: application.client.client_id,
      client_secret: application.client.client_secret,
      code,
      code_verifier: VERIFIER,
      redirect_uri: application.redirectUri,
      ...changes,
    });
  }

  /** `POST /oauth/token`. */
  token(form: Values, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.post("/oauth/token", form, headers);
  }

  /** The tokens of a whole sign-in. */
  async tokens(
    application: TestApplication,
    changes: Values & { employee?: string } = {},
  ): Promise<Record<string, string>> {
    const response = await this.exchange(application, await this.code(application, changes));
    if (response.statusCode !== 200) throw new Error(response.body);
    return response.json();
  }

  async #send(
    method: "GET" | "POST",
    url: string,
    payload: string | undefined,
    headers: Record<string, string>,
  ): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await this.#test.tenant.app.inject({
      method,
      url,
      headers: {
        host: this.#test.tenant.context.domain,
        ...(cookie === "" ? {} : { cookie }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value, maxAge, expires } of response.cookies) {
      const ended = maxAge === 0 || (expires !== undefined && expires.getTime() <= 0);
      if (ended) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** The parameters that a redirect brings to the application. */
export function answerOf(response: LightMyRequestResponse): Record<string, string> {
  const url = new URL(String(response.headers.location ?? ""), "https://localhost");
  return Object.fromEntries(url.searchParams);
}

/** The payload of a JWT, unchecked. */
export function payloadOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from((token ?? "").split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}

function encode(values: Values): string {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(entries).toString();
}
