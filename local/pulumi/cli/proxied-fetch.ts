import { get } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { Proxy } from "../../../packages/local-tenant/src/lib/proxy.ts";
import { proxyFor } from "../../../packages/local-tenant/src/lib/proxy.ts";

/**
 * Enough for an installer's script of some kilobytes. Short, so that a network that drops everything is
 * noticed soon.
 */
const DEADLINE = 20_000;
const REDIRECTIONS = 5;

/** The network has taken what was sent, and nothing came back. */
export class NoAnswerError extends Error {
  constructor(milliseconds: number) {
    super(`there was no answer within ${milliseconds / 1000} s`);
    this.name = "NoAnswerError";
  }
}

/**
 * A `fetch` for a program that downloads a script. It uses the proxy that the environment names, which
 * Node.js's own `fetch` ignores before version 24. It has a deadline, and its errors contain the reason of a
 * failure. `direct` is used if no proxy is named.
 */
export function proxiedFetch(
  env: NodeJS.ProcessEnv,
  direct: typeof fetch,
  deadline = DEADLINE,
): typeof fetch {
  return async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = AbortSignal.timeout(deadline);
    try {
      const proxy = proxyFor(url, env);
      const answer = proxy === undefined ? direct(url, { signal }) : getThrough(proxy, url, signal);
      return await Promise.race([answer, aborted(signal)]);
    } catch (error) {
      if (signal.aborted) throw new NoAnswerError(deadline);
      throw new Error(reasonOf(error));
    }
  };
}

async function getThrough(
  proxy: Proxy,
  url: URL,
  signal: AbortSignal,
  redirections = REDIRECTIONS,
): Promise<Response> {
  if (proxy.url.protocol !== "http:" && proxy.url.protocol !== "https:") {
    throw new Error(`a proxy of the kind ${proxy.url.protocol}// cannot be used; http:// and https:// can`);
  }
  const { status, location, text, refused } = await getOnce(url, new HttpsProxyAgent(proxy.url, { signal }));
  if (refused) throw new Error(`the proxy answered ${status}`);
  if (location === undefined || status < 300 || status > 399)
    return new Response(text === "" ? null : text, { status });
  if (redirections === 0) throw new Error(`there were more than ${REDIRECTIONS} redirections`);
  return getThrough(proxy, new URL(location, url), signal, redirections - 1);
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
  /** Whether the answer is the proxy's own. */
  readonly refused: boolean;
}

function getOnce(url: URL, agent: HttpsProxyAgent<string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let refused = false;
    agent.on("proxyConnect", ({ statusCode }: { statusCode: number }) => (refused = statusCode !== 200));
    const request = get(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          text,
          refused,
        }),
      );
    });
    request.on("error", reject);
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("late")), { once: true });
  });
}

/** `fetch` says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : "";
  return [error.message, cause].filter((text) => text !== "").join(": ");
}
