/**
 * One request that the tenant has answered. Never holds a body, a header or a query value that is a secret.
 */
export interface RequestRecord {
  /** Milliseconds since the epoch when it came in. */
  readonly time: number;
  readonly method: string;
  /** Path with its query; outside of the Management API, values that are not plain settings are masked. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The client that the bearer token was issued to, where there was one. */
  readonly clientId?: string;
}

/**
 * The parameters of a query that may be logged. All others may be secrets: codes, tokens, and what Actions
 * send through the browser under names of their own.
 */
const PLAIN_PARAMETERS = new Set([
  "acr_values",
  "audience",
  "client_id",
  "code_challenge_method",
  "connection",
  "error",
  "max_age",
  "prompt",
  "redirect_uri",
  "response_mode",
  "response_type",
  "scope",
  "ui_locales",
]);

function masked(path: string): string {
  if (path.startsWith("/api/v2/")) return path;
  const [place = "", query] = path.split(/\?(.*)/s);
  if (query === undefined) return place;
  const parts = query.split("&").map((part) => {
    const [name = ""] = part.split("=");
    return PLAIN_PARAMETERS.has(name) || !part.includes("=") ? part : `${name}=***`;
  });
  return `${place}?${parts.join("&")}`;
}

/** The last requests, oldest first, and the listeners that are called for each. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #listeners = new Set<(record: RequestRecord) => void>();
  readonly #limit: number;

  constructor(limit = 2000) {
    this.#limit = limit;
  }

  add(record: RequestRecord): void {
    const kept = { ...record, path: masked(record.path) };
    this.#records.push(kept);
    if (this.#records.length > this.#limit) this.#records.shift();
    for (const listener of this.#listeners) listener(kept);
  }

  list(test?: (record: RequestRecord) => boolean): RequestRecord[] {
    return test === undefined ? [...this.#records] : this.#records.filter(test);
  }

  clear(): void {
    this.#records.length = 0;
  }

  /** Calls `listener` for each request from now on, until the returned function is called. */
  onRequest(listener: (record: RequestRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
