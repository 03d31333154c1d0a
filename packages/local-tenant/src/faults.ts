import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ManagementError, UserError } from "./lib/errors.ts";
import { arrayOf, integer, object, oneOf, string } from "./management/json-schema.ts";
import type { Schema } from "./management/json-schema.ts";
import { checkBody } from "./management/validate.ts";

const KINDS = ["latency", "status", "reset", "hang", "html", "truncate"] as const;

/** One way in which the tenant misbehaves on purpose, so that what depends on it can be tried. */
export interface Fault {
  /**
   * `latency`: answers `value` milliseconds later. `status`: answers with HTTP status `value`. `reset`: cuts
   * the connection. `hang`: never answers. `html`: answers a proxy's error page with 502. `truncate`: answers
   * 200 with JSON that breaks off.
   */
  readonly kind: (typeof KINDS)[number];
  readonly value?: number;
  /** Path without query; `*` stands for any run of characters. */
  readonly path: string;
  /** How many of the matching requests are hit, from 0 to 1. */
  readonly share: number;
}

/**
 * Reads `KIND[=VALUE]:PATH[@SHARE]`, such as `latency=2000:/api/v2/users/*`, `status=429:/api/v2/*@0.5` or
 * `hang:/oauth/token`.
 * @throws {UserError} with the form it should have.
 */
export function parseFault(text: string): Fault {
  const match = /^([a-z]+|429|500)(?:=(\d+))?:(\/[^@]*)(?:@(\d*\.?\d+))?$/.exec(text);
  const [, name = "", value, path = "", share = "1"] = match ?? [];
  const status = /^\d+$/.test(name);
  const fault = {
    kind: status ? "status" : (name as Fault["kind"]),
    path,
    share: Number(share),
    ...(value === undefined && !status ? {} : { value: Number(value ?? name) }),
  };
  const wrong = match === null ? "is malformed" : faultError(fault);
  if (wrong === undefined) return fault;
  throw new UserError(
    `The fault "${text}" ${wrong}. Write KIND[=VALUE]:PATH[@SHARE] with a kind of ${KINDS.join(", ")}, ` +
      'such as "latency=2000:/api/v2/users/*" or "status=429:/api/v2/*@0.5".',
  );
}

function faultError(fault: Fault): string | undefined {
  if (!KINDS.includes(fault.kind)) return `has the unknown kind ${fault.kind}`;
  if (fault.share < 0 || fault.share > 1) return `has the share ${fault.share}, which is not between 0 and 1`;
  const { kind, value } = fault;
  if (kind === "latency" && (value === undefined || value > 600_000)) {
    return "needs milliseconds up to 600000 as its value";
  }
  if (kind === "status" && (value === undefined || value < 400 || value > 599)) {
    return "needs a status from 400 to 599 as its value";
  }
  return undefined;
}

/**
 * The faults in force. Shares are kept exactly, not by chance: of every 10 requests a share of 0.3 hits 3.
 */
export class Faults {
  #rules: { fault: Fault; path: RegExp; owed: number }[] = [];

  list(): Fault[] {
    return this.#rules.map(({ fault }) => fault);
  }

  /** Takes the place of all faults. */
  replace(faults: readonly Fault[]): void {
    this.#rules = faults.map((fault) => ({ fault, path: pathPattern(fault.path), owed: 0 }));
  }

  /** The same faults, each as near to its next hit; what hits one does not count for the other. */
  fork(): Faults {
    const fork = new Faults();
    fork.become(this);
    return fork;
  }

  /** Is from now on as the other faults are. */
  become(other: Faults): void {
    this.#rules = other.#rules.map((rule) => ({ ...rule }));
  }

  /** The first fault that hits a request for this path. */
  pick(path: string): Fault | undefined {
    for (const rule of this.#rules) {
      if (!rule.path.test(path)) continue;
      rule.owed += rule.fault.share;
      // Because of rounding, sums of decimal shares may be a little less than 1.
      if (rule.owed < 1 - 1e-9) continue;
      rule.owed -= 1;
      return rule.fault;
    }
    return undefined;
  }
}

function pathPattern(path: string): RegExp {
  const parts = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

const RULES: Schema = arrayOf(
  object({
    "kind!": oneOf(...KINDS),
    value: integer(),
    "path!": string({ pattern: "^/", maxLength: 500 }),
    "share!": { type: "number", minimum: 0, maximum: 1 },
  }),
  { maxItems: 100 },
);

/**
 * `GET` and `PUT /_local/faults` (a list of faults; `[]` ends all), and the hook that applies them to every
 * other request. Only the deployer may change them: an Action reaches this address as well, and must not be
 * able to spoil other people's sign-ins.
 */
export function faultRoutes(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    const path = request.url.split("?")[0] ?? "/";
    const fault = path.startsWith("/_local/") ? undefined : request.tenant.faults.pick(path);
    if (fault === undefined) done();
    else apply(fault, request, reply).then(() => done(), done);
  });
  app.get("/_local/faults", async ({ tenant }) => tenant.faults.list());
  const change = {
    onRequest: async (request: FastifyRequest) => refuseStrangers(request),
  };
  app.put<{ Body: Fault[] }>("/_local/faults", change, async (request) => {
    checkBody(RULES, request.body);
    const wrong = request.body.map(faultError).find((error) => error !== undefined);
    if (wrong !== undefined) throw new ManagementError(400, `A fault ${wrong}.`, "invalid_body");
    request.tenant.faults.replace(request.body);
    return request.tenant.faults.list();
  });
}

/**
 * Lets only the deployer pass.
 * @throws {ManagementError} 401.
 */
export function refuseStrangers(request: FastifyRequest): void {
  const { clientId, clientSecret } = request.tenant.store.deployer;
  const given = digest(request.headers.authorization ?? "");
  const wanted = digest(`Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`);
  if (timingSafeEqual(given, wanted)) return;
  throw new ManagementError(
    401,
    'Only the deployer may do this: curl --user "$AUTH0_CLIENT_ID:$AUTH0_CLIENT_SECRET".',
    "invalid_credentials",
  );
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

async function apply(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  switch (fault.kind) {
    case "latency":
      await sleep(fault.value);
      return;
    case "status":
      await answerStatus(reply, fault.value ?? 500, request.tenant.now);
      return;
    case "reset":
      reply.hijack();
      request.raw.destroy();
      return;
    case "hang":
      reply.hijack();
      return;
    case "html":
      await reply.code(502).type("text/html").send("<html><body><h1>502 Bad Gateway</h1></body></html>");
      return;
    case "truncate":
      await reply.code(200).type("application/json").send('{"access_token":"ey');
  }
}

/**
 * A 429 carries the three headers, with a reset in the future, because the provider repeats without waiting
 * when the reset is in the past.
 */
async function answerStatus(reply: FastifyReply, status: number, now: () => number): Promise<void> {
  if (status === 429) {
    const reset = String(Math.floor(now() / 1000) + 2);
    void reply.headers({
      "x-ratelimit-limit": "2",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": reset,
    });
    await reply
      .code(429)
      .send(new ManagementError(429, "Global limit has been reached", "too_many_requests").toBody());
    return;
  }
  await reply.code(status).send(new ManagementError(status, "A fault that was asked for").toBody());
}
