/** One request that the tenant has answered. Never holds a body, a header or a query value that is a secret. */
export interface RequestRecord {
  /** Milliseconds since the epoch when it came in. */
  readonly time: number;
  readonly method: string;
  /** Path with its query; values of `code`, `token`, `state` and the like are masked. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The client that the bearer token was issued to, where there was one. */
  readonly clientId?: string;
}

const SECRET_PARAMETERS = /([?&](?:code|state|nonce|token|id_token_hint|client_secret|session_token)=)[^&]*/g;

/** The last requests, oldest first, and those who want to hear of each. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #listeners = new Set<(record: RequestRecord) => void>();
  readonly #limit: number;

  constructor(limit = 2000) {
    this.#limit = limit;
  }

  add(record: RequestRecord): void {
    const masked = { ...record, path: record.path.replace(SECRET_PARAMETERS, "$1***") };
    this.#records.push(masked);
    if (this.#records.length > this.#limit) this.#records.shift();
    for (const listener of this.#listeners) listener(masked);
  }

  list(test?: (record: RequestRecord) => boolean): RequestRecord[] {
    return test === undefined ? [...this.#records] : this.#records.filter(test);
  }

  clear(): void {
    this.#records.length = 0;
  }

  /** Calls `listener` for each request from now on; the answer ends that. */
  onRequest(listener: (record: RequestRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
