import { request as httpsRequest } from "node:https";

/** A request that follows no redirects. Errors never contain what it carries. */
export interface HttpsRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ca?: readonly string[];
  readonly signal: AbortSignal;
}

/** The longest answer that is read; every page of the lists is shorter. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Sends a request and reads its answer. It uses node:https, because Node.js's `fetch` cannot be told which
 * certificate authority to trust.
 *
 * @throws {Error} if no answer comes, or one that is not JSON.
 */
export function sendJson(request: HttpsRequest): Promise<{ status: number; body: unknown }> {
  const { method, url, headers, body, ca, signal } = request;
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers,
      signal,
      agent: false as const,
      ...(ca !== undefined && { ca: [...ca] }),
    };
    const sent = httpsRequest(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > MAX_BYTES) sent.destroy(new Error("the answer is too long"));
      });
      response.on("error", reject);
      response.on("end", () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
        } catch {
          reject(new Error(`the answer ${response.statusCode ?? 0} is not JSON`));
        }
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
