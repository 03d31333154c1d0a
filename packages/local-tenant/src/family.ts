import type { FastifyInstance } from "fastify";
import type { TenantContext } from "./context.ts";
import { createIds } from "./store/ids.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The tenant that answers: the one whose port it came to, or a fork of that one. */
    tenant: TenantContext;
  }
}

/** Names the fork that a request is for; Node writes the names of headers in lower case. */
export const FORK_HEADER = "x-local-tenant-fork";

/**
 * A tenant and its forks, which one HTTP application serves. A request says by a header which fork it is for.
 * The header's value is a secret, so whoever can reach a port of the family still reaches only that tenant.
 */
export class Family {
  readonly #ids = createIds();
  readonly #forks = new Map<string, TenantContext>();
  /** The tenant that all others were forked from, directly or not. */
  readonly root: TenantContext;

  constructor(root: TenantContext) {
    this.root = root;
  }

  /** A value for the header that no other fork has had. */
  name(): string {
    return this.#ids.secret();
  }

  add(name: string, fork: TenantContext): void {
    this.#forks.set(name, fork);
  }

  remove(name: string): void {
    this.#forks.delete(name);
  }

  /** The tenant that a header's value names; `undefined` for a fork that is closed. */
  find(name: string | string[] | undefined): TenantContext | undefined {
    return name === undefined ? this.root : this.#forks.get(String(name));
  }
}

/** Gives each request its tenant before anything else looks at it. */
export function leadToTenants(app: FastifyInstance, family: Family): void {
  app.decorateRequest("tenant");
  app.addHook("onRequest", (request, reply, done) => {
    const tenant = family.find(request.headers[FORK_HEADER]);
    request.tenant = tenant ?? family.root;
    if (tenant !== undefined) return done();
    void reply.code(410).type("text/plain").send("This fork of the tenant is closed.\n");
  });
}
