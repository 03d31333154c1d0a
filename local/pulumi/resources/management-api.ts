import { Agent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { apiError, ManagementApiError } from "./api-error.ts";
import type { HttpAnswer } from "./https.ts";
import { send } from "./https.ts";
import type { TenantAccess } from "./tenant-access.ts";
import { assertLoopback, bareDomain } from "./tenant-access.ts";
import { TokenSource } from "./token-source.ts";
import type { Props } from "./values.ts";
import { isObject } from "./values.ts";

/** Waits, in milliseconds. Tests have their own. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export interface ManagementApiOptions {
  readonly sleep?: Sleep;
  /** Ends every wait. A running request is finished, so that no object is left behind unnoticed. */
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

const RETRIED = new Set([500, 502, 503, 504, 524]);
const RETRIES = 3;
const WAIT_WITHOUT_RESET = 5_000;
/** The plugin waits forever for a tenant that answers 429. After an hour, an error is more useful. */
const MAX_THROTTLED = 720;

/** Node.js takes a longer wait for none at all. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * The Management API as the auth0 plugin 3.49.0 uses it: it gets a token with client credentials at the first
 * request, waits after each 429 until `x-ratelimit-reset`, and tries three more times after 5xx and transport
 * errors, also for POST.
 */
export class ManagementApi {
  readonly #base: string;
  readonly #agent: Agent;
  readonly #token: TokenSource;
  readonly #sleep: Sleep;
  readonly #signal: AbortSignal | undefined;
  readonly #now: () => number;

  /** @throws {Error} for a domain that is not this machine. */
  constructor(access: TenantAccess, options: ManagementApiOptions = {}) {
    const domain = bareDomain(access.domain);
    assertLoopback(domain);
    this.#agent = new Agent({ keepAlive: true, ...(access.ca === undefined ? {} : { ca: access.ca }) });
    this.#base = `https://${domain}/api/v2`;
    this.#sleep =
      options.sleep ??
      ((milliseconds, signal) => delay(Math.min(milliseconds, LONGEST_WAIT), undefined, { signal }));
    this.#signal = options.signal;
    this.#now = options.now ?? Date.now;
    this.#token = new TokenSource({ ...access, domain }, this.#agent, this.#now);
  }

  /**
   * The decoded answer; an empty one as `{}`. Paths begin with `/` and have their segments encoded
   * (`segment`).
   */
  async request(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#withRetries(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
    );
    if (answer.status >= 400) throw apiError(answer.status, answer.text);
    if (answer.text.trim() === "") return {};
    try {
      return JSON.parse(answer.text);
    } catch {
      throw new Error(`The tenant answered ${method} ${path} with something that is not JSON.`);
    }
  }

  async get(path: string): Promise<Props> {
    return objectOf(await this.request("GET", path), path);
  }

  /** The object at a path, or undefined where the tenant says 404. */
  async find(path: string): Promise<Props | undefined> {
    return ignoreMissing(this.get(path));
  }

  async post(path: string, body?: unknown): Promise<Props> {
    return objectOf(await this.request("POST", path, body), path);
  }

  async patch(path: string, body: unknown): Promise<Props> {
    return objectOf(await this.request("PATCH", path, body), path);
  }

  /** A change that has nothing left to do where the tenant says 404. */
  async patchIfThere(path: string, body: unknown): Promise<void> {
    await ignoreMissing(this.request("PATCH", path, body));
  }

  /** Deletes; an object that is gone already is not an error. */
  async delete(path: string): Promise<void> {
    await ignoreMissing(this.request("DELETE", path));
  }

  /** Waits between polls. Ends with an error as soon as the deployment is cancelled. */
  async sleep(milliseconds: number): Promise<void> {
    await this.#sleep(milliseconds, this.#signal);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #withRetries(method: string, path: string, body: string | undefined): Promise<HttpAnswer> {
    let failures = 0;
    for (let throttled = 0; throttled < MAX_THROTTLED;) {
      this.#signal?.throwIfAborted();
      const answer = await this.#send(method, path, body).catch((error: unknown) => {
        if (error instanceof ManagementApiError) throw error;
        if (failures >= RETRIES) throw unreachable(this.#base, error);
        return undefined;
      });
      if (answer?.status === 429) {
        throttled += 1;
        await this.sleep(this.#throttle(answer.rateLimitReset));
      } else if (answer !== undefined && (failures >= RETRIES || !RETRIED.has(answer.status))) {
        return answer;
      } else {
        await this.sleep(Math.random() * 500 * 2 ** failures);
        failures += 1;
      }
    }
    throw new Error(`The tenant has answered ${method} ${path} with 429 ${MAX_THROTTLED} times.`);
  }

  /**
   * Whole seconds until the reset, as the plugin counts them. Never zero: with a reset in the past the plugin
   * asks without a pause.
   */
  #throttle(reset: number | undefined): number {
    if (reset === undefined) return WAIT_WITHOUT_RESET;
    return Math.max(0.1, reset - Math.floor(this.#now() / 1000)) * 1000;
  }

  async #send(method: string, path: string, body: string | undefined): Promise<HttpAnswer> {
    const token = await this.#token.get();
    return send({
      method,
      url: `${this.#base}${path}`,
      agent: this.#agent,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        "user-agent": "workforce-sso-stand-in",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }
}

/** An id as one path segment: `auth0|abc` as `auth0%7Cabc`. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

/** What was asked for, or undefined where the tenant says 404. */
export async function ignoreMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ManagementApiError && error.status === 404) return undefined;
    throw error;
  }
}

function unreachable(base: string, error: unknown): Error {
  return new Error(
    `The tenant cannot be reached at ${base}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

function objectOf(value: unknown, path: string): Props {
  if (isObject(value)) return value;
  throw new Error(`The tenant's answer to ${path} is not an object.`);
}
