import { Agent, request } from "node:https";
import type { IncomingHttpHeaders } from "node:http";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One connection that is kept alive, as a browser or an application's server keeps one, and requests over it
 * one after the other.
 */
export class Connection {
  readonly #agent: Agent;
  readonly #origin: URL;
  requests = 0;

  constructor(origin: string, ca: string) {
    this.#origin = new URL(origin);
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
  }

  /** As a browser: a GET, or a POST of a form. Redirects are not followed. */
  send(path: string, cookies = "", form?: URLSearchParams): Promise<Answer> {
    const headers: Record<string, string> = { accept: "text/html" };
    if (cookies !== "") headers["cookie"] = cookies;
    if (form === undefined) return this.#request("GET", path, headers);
    headers["content-type"] = "application/x-www-form-urlencoded";
    // A browser says where a form comes from.
    if (cookies !== "") headers["origin"] = this.#origin.origin;
    return this.#request("POST", path, headers, form.toString());
  }

  /** As a program that calls an API. */
  call(method: string, path: string, token: string, body?: unknown): Promise<Answer> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== "") headers["authorization"] = `Bearer ${token}`;
    if (body === undefined) return this.#request(method, path, headers);
    headers["content-type"] = "application/json";
    return this.#request(method, path, headers, JSON.stringify(body));
  }

  #request(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    this.requests += 1;
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          // The address itself: the resolver of names would be measured otherwise.
          host: "127.0.0.1",
          servername: "localhost",
          port: this.#origin.port,
          path,
          method,
          timeout: 60_000,
          headers: {
            ...headers,
            host: this.#origin.host,
            ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.once("error", reject);
          response.once("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        },
      );
      sent.once("timeout", () => sent.destroy(new Error(`${path} had no answer in a minute.`)));
      sent.once("error", reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The cookies of one browser. All of them are for one host, and paths are left aside. */
export class Cookies {
  readonly #values = new Map<string, string>();

  keep({ headers }: Answer): void {
    for (const line of headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0\b|;\s*expires=[^;]*\b1970\b/i.test(line)) this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }

  header(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
