import type { Agent } from "node:https";
import { request as httpsRequest } from "node:https";

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Unix seconds from `x-ratelimit-reset`, where the answer has a readable one. */
  readonly rateLimitReset: number | undefined;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent: Agent;
}

const TIMEOUT = 30_000;

/**
 * Sends one request and reads its whole answer. It uses node:https, because Node's `fetch` cannot be told
 * which certificate authority to trust without a package.
 * @throws {Error} if no answer comes: after a transport error, or 30 s of silence.
 */
export function send({ method, url, headers, body, agent }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = httpsRequest(url, {
      method,
      agent,
      headers: { ...headers, ...length },
      timeout: TIMEOUT,
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const reset = Number(response.headers["x-ratelimit-reset"] ?? Number.NaN);
        const status = response.statusCode ?? 0;
        resolve({ status, text, rateLimitReset: Number.isFinite(reset) ? reset : undefined });
      });
    });
    request.end(body);
  });
}
