import { request as httpsRequest } from "node:https";
import type { IncomingHttpHeaders } from "node:http";

/** An answer as a browser gets it. */
export interface BrowserResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * A request of a browser or of an application. Without a method it is a POST if it has a body, else a GET.
 */
export interface ClientRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly method?: string;
}

/** The way on which requests reach a tenant. */
export type Send = (url: string, request: ClientRequest) => Promise<BrowserResponse>;

/** Over HTTPS, trusting only `ca`, the PEM of the authority that signed the tenant's certificate. */
export function overHttps(ca: string): Send {
  return (url, request) => fetchOver(url, { ca, ...request });
}

const MAX_REDIRECTS = 10;
const TIMEOUT_MS = 60_000;

/** The cookies of one browser. */
export class CookieJar {
  /** By host and name. */
  readonly #cookies = new Map<string, Map<string, string>>();

  /** The header for a request to this host; `undefined` where there is no cookie for it. */
  headerFor(host: string): string | undefined {
    const own = this.#cookies.get(host);
    if (own === undefined || own.size === 0) return undefined;
    return [...own].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Keeps what a host has set, or forgets what it has ended. */
  keep(host: string, lines: readonly string[]): void {
    const own = this.#cookies.get(host) ?? new Map<string, string>();
    for (const line of lines) keepCookie(own, line);
    this.#cookies.set(host, own);
  }

  /** Another jar with the same cookies, each under the name that it has there. */
  copy(nameThere = (name: string) => name): CookieJar {
    const copy = new CookieJar();
    for (const [host, own] of this.#cookies) {
      copy.#cookies.set(host, new Map([...own].map(([name, value]) => [nameThere(name), value])));
    }
    return copy;
  }
}

/** The part of a browser that a sign-in needs: cookies, redirects and forms. */
export class Browser {
  readonly #send: Send;
  readonly #jar: CookieJar;

  constructor(send: Send, jar = new CookieJar()) {
    this.#send = send;
    this.#jar = jar;
  }

  /**
   * Opens an address, or sends a form to it, and follows redirects until there is a page, or until the next
   * address begins with `stopAt`. That address is not requested: the answer is then the redirect itself.
   */
  async open(
    url: string,
    options: { form?: Record<string, string>; stopAt?: string } = {},
  ): Promise<BrowserResponse> {
    let response = await this.send(url, options.form);
    for (let hops = 0; hops < MAX_REDIRECTS; hops++) {
      const next = locationOf(response);
      if (next === undefined) return response;
      if (options.stopAt !== undefined && next.startsWith(options.stopAt)) return response;
      response = await this.send(next);
    }
    throw new Error(`More than ${MAX_REDIRECTS} redirects, the last one to ${locationOf(response) ?? url}.`);
  }

  /** Sends one request and follows nothing. */
  async send(url: string, form?: Record<string, string>): Promise<BrowserResponse> {
    const { hostname } = new URL(url);
    const cookie = this.#jar.headerFor(hostname);
    const response = await this.#send(url, {
      headers: {
        accept: "text/html",
        ...(cookie === undefined ? {} : { cookie }),
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    this.#jar.keep(hostname, response.headers["set-cookie"] ?? []);
    return response;
  }
}

/** Where a redirect leads, as an absolute address. */
export function locationOf(response: BrowserResponse): string | undefined {
  const { location } = response.headers;
  if (response.status < 300 || response.status > 399 || location === undefined) return undefined;
  return new URL(location, response.url).href;
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const at = pair.indexOf("=");
  if (at < 1) return;
  const ended = attributes.some((part) => /^max-age=0$/i.test(part) || /^expires=.*1970/i.test(part));
  if (ended) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}

/** Sends one HTTPS request that trusts only `ca`. By default it is a POST if it has a body, else a GET. */
export function fetchOver(
  url: string,
  options: ClientRequest & { readonly ca: string },
): Promise<BrowserResponse> {
  const { promise, resolve, reject } = withResolvers<BrowserResponse>();
  const method = options.method ?? (options.body === undefined ? "GET" : "POST");
  const length =
    options.body === undefined ? {} : { "content-length": String(Buffer.byteLength(options.body)) };
  const request = httpsRequest(
    url,
    { method, ca: options.ca, timeout: TIMEOUT_MS, headers: { ...options.headers, ...length } },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        resolve({ url, status: response.statusCode ?? 0, headers: response.headers, body });
      });
    },
  );
  request.on("timeout", () =>
    request.destroy(new Error(`${method} ${url} had no answer in ${TIMEOUT_MS} ms.`)),
  );
  request.on("error", reject);
  request.end(options.body);
  return promise;
}

function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
