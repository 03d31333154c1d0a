import type { FastifyReply } from "fastify";
import { ManagementError } from "../lib/errors.ts";

/** Whose rate limits the tenant keeps; `off` keeps none. */
export type Plan = "off" | "free" | "professional" | "enterprise";

interface Limit {
  /** How many requests fit at once. */
  readonly burst: number;
  /** How many come back each second. */
  readonly perSecond: number;
}

/**
 * Limits of the Management API (docs rate-limit-configurations: free-public, essentials-professional-b2b,
 * enterprise-public). Where a plan has a limit of its own for a group of endpoints, that one counts for them.
 */
const LIMITS: Readonly<Record<Exclude<Plan, "off">, { global: Limit; readUsers?: Limit }>> = {
  free: { global: { burst: 2, perSecond: 2 } },
  professional: { global: { burst: 50, perSecond: 16 }, readUsers: { burst: 40, perSecond: 500 / 60 } },
  enterprise: { global: { burst: 50, perSecond: 16 } },
};

const READ_USERS = new Set(["users.get", "users.list", "users.byEmail"]);

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch when the tokens were counted. */
  counted: number;
}

/** Token buckets of one tenant's Management API, by group of endpoints. */
export class RateLimits {
  readonly #plan: Plan;
  readonly #now: () => number;
  #buckets = new Map<string, Bucket>();

  constructor(plan: Plan, now: () => number) {
    this.#plan = plan;
    this.#now = now;
  }

  /**
   * Takes a token for an operation and sets the three `x-ratelimit-*` headers. `x-ratelimit-reset` is in Unix
   * seconds. It is the next second, in which each plan gives a token back; never this one, because some
   * clients repeat at once when the time is not ahead.
   * @throws {ManagementError} 429 `too_many_requests` when none is left.
   */
  take(operationId: string, reply: FastifyReply): void {
    if (this.#plan === "off") return;
    const limits = LIMITS[this.#plan];
    const group = limits.readUsers !== undefined && READ_USERS.has(operationId) ? "readUsers" : "global";
    const limit = limits[group] ?? limits.global;
    const bucket = this.#fill(group, limit);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    void reply.headers({
      "x-ratelimit-limit": limit.burst,
      "x-ratelimit-remaining": Math.floor(bucket.tokens),
      "x-ratelimit-reset": Math.ceil(this.#now() / 1000) + 1,
    });
    if (!allowed) throw new ManagementError(429, "Global limit has been reached", "too_many_requests");
  }

  /** The same limits with as much left, by another clock; what is taken from one is left in the other. */
  fork(now = this.#now): RateLimits {
    const fork = new RateLimits(this.#plan, now);
    fork.become(this);
    return fork;
  }

  /** Has from now on what is left of the other limits. */
  become(other: RateLimits): void {
    this.#buckets = new Map([...other.#buckets].map(([group, bucket]) => [group, { ...bucket }]));
  }

  #fill(group: string, limit: Limit): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(group) ?? { tokens: limit.burst, counted: now };
    const gained = (Math.max(0, now - bucket.counted) / 1000) * limit.perSecond;
    bucket.tokens = Math.min(limit.burst, bucket.tokens + gained);
    bucket.counted = now;
    this.#buckets.set(group, bucket);
    return bucket;
  }
}
