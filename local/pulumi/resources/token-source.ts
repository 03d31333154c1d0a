import type { Agent } from "node:https";
import { ManagementApiError, parseObject } from "./api-error.ts";
import type { HttpAnswer } from "./https.ts";
import { send } from "./https.ts";
import type { TenantAccess } from "./tenant-access.ts";

/** Tokens are fetched anew this long before their end, as the plugin does. */
const MARGIN = 10_000;

/**
 * Gets Management API tokens with client credentials: when one is first needed, and again shortly before its
 * end. Never shows them.
 */
export class TokenSource {
  readonly #access: TenantAccess;
  readonly #agent: Agent;
  readonly #now: () => number;
  #current: Promise<{ token: string; until: number }> | undefined;

  constructor(access: TenantAccess, agent: Agent, now: () => number) {
    this.#access = access;
    this.#agent = agent;
    this.#now = now;
  }

  /**
   * @throws {ManagementApiError} when the tenant refuses the client; its text names neither id nor secret.
   */
  async get(): Promise<string> {
    const current = (this.#current ??= this.#fetch());
    const held = await current;
    if (held.until > this.#now()) return held.token;
    // Of several that find it stale at once, the first fetches for all.
    if (this.#current === current) this.#current = this.#fetch();
    return (await this.#current).token;
  }

  /**
   * First with a Basic header, then once more with the credentials in the form, as the plugin's OAuth library
   * does.
   */
  #fetch(): Promise<{ token: string; until: number }> {
    return this.#request().catch((error: unknown) => {
      this.#current = undefined;
      throw error;
    });
  }

  async #request(): Promise<{ token: string; until: number }> {
    const { clientId, clientSecret } = this.#access;
    const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    let answer = await this.#ask({}, { authorization: `Basic ${Buffer.from(basic).toString("base64")}` });
    if (answer.status !== 200)
      answer = await this.#ask({ client_id: clientId, client_secret: clientSecret }, {});
    const body = parseObject(answer.text) ?? {};
    const token = body["access_token"];
    if (answer.status !== 200 || typeof token !== "string") throw refusal(answer.status, body);
    const lifetime = body["expires_in"];
    return { token, until: typeof lifetime === "number" ? this.#now() + lifetime * 1000 - MARGIN : Infinity };
  }

  #ask(credentials: Record<string, string>, headers: Record<string, string>): Promise<HttpAnswer> {
    const { domain } = this.#access;
    const form = { audience: `https://${domain}/api/v2/`, grant_type: "client_credentials", ...credentials };
    return send({
      method: "POST",
      url: `https://${domain}/oauth/token`,
      agent: this.#agent,
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(form).toString(),
    });
  }
}

function refusal(status: number, body: Record<string, unknown>): ManagementApiError {
  const { error, error_description: description } = body;
  return new ManagementApiError(
    status,
    typeof error === "string" ? error : "Token refused",
    `${typeof description === "string" ? description : "no description"} ` +
      "(the deployer's client id and secret: auth0:clientId and auth0:clientSecret, or AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET)",
  );
}
