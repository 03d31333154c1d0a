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

  /** A GET, or a POST of a form. Redirects are not followed. */
  send(path: string, cookies = "", form?: URLSearchParams): Promise<Answer> {
    this.requests += 1;
    const body = form?.toString();
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          // The address itself: the resolver of names would be measured otherwise.
          host: "127.0.0.1",
          servername: "localhost",
          port: this.#origin.port,
          path,
          method: body === undefined ? "GET" : "POST",
          timeout: 60_000,
          headers: {
            host: this.#origin.host,
            accept: "text/html",
            ...(cookies === "" ? {} : { cookie: cookies }),
            ...(body === undefined
              ? {}
              : {
                  "content-type": "application/x-www-form-urlencoded",
                  "content-length": Buffer.byteLength(body),
                  // A browser says where a form comes from.
                  ...(cookies === "" ? {} : { origin: this.#origin.origin }),
                }),
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
