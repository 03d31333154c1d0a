import { evaluate, waysOf } from "./authentication/evaluate.ts";
import type { Evaluation } from "./authentication/evaluate.ts";
import { tenantEnvironment } from "./cli/environment.ts";
import { applicationNamed, checkEmployee } from "./known-names.ts";
import type { CookieJar } from "./lib/browser.ts";
import { UserError } from "./lib/errors.ts";
import type { Moment, RunningTenant } from "./running-tenant.ts";
import { signInTo } from "./sign-in-to.ts";
import type { EvaluateRequest, Snapshot, Tenant } from "./tenant-interface.ts";

/** The cookies of each employee's browser, by email. */
export type Browsers = Map<string, CookieJar>;

/** What stands behind the interface of one tenant. */
export interface Behind {
  readonly tenant: RunningTenant;
  /** File with the certificate authority. */
  readonly caFile: string;
  readonly browsers: Browsers;
  readonly end: () => Promise<void>;
}

/** The interface of a tenant for other programs. */
export function publicTenant({ tenant, caFile, browsers, end }: Behind): Tenant {
  const { context, ca } = tenant;
  const { clock, domain, issuer } = context;
  const moments = new WeakMap<Snapshot, { moment?: Moment; browsers: Browsers }>();
  // The tenant itself knows how it was when it was made.
  const made: { moment?: Moment; browsers: Browsers } = { browsers: copyOf(browsers) };
  return {
    issuer,
    domain,
    ca,
    get deployer() {
      return context.store.deployer;
    },
    get environment() {
      if (tenant.listens) return tenantEnvironment(tenant, caFile);
      throw new UserError(
        "This fork has no port, so no other program can reach it. Make it by fork({ listen: true }).",
      );
    },
    clock: { now: () => clock.now(), advance: (duration) => clock.advance(duration) },
    signIn: (request) => signInTo(tenant, browsers, request),
    evaluate: (request) => evaluateFor(tenant, request),
    traces: () => context.signIns.traces.list(),
    inject: (request) => tenant.inject(request),
    async fork(options) {
      const fork = await tenant.fork(options);
      // The names of the tenant's cookies end with its port.
      const [here, there] = [tenant, fork].map(({ port }) => `-${port}`) as [string, string];
      const renamed = (name: string) => (name.endsWith(here) ? name.slice(0, -here.length) + there : name);
      return publicTenant({
        tenant: fork,
        caFile,
        browsers: copyOf(browsers, renamed),
        end: () => fork.close(),
      });
    },
    snapshot() {
      const snapshot = Object.freeze({ time: clock.now() });
      moments.set(snapshot, { moment: tenant.snapshot(), browsers: copyOf(browsers) });
      return snapshot;
    },
    reset(snapshot) {
      const then = snapshot === undefined ? made : moments.get(snapshot);
      if (then === undefined) {
        throw new UserError(
          "This is not a snapshot of this tenant. Reset a tenant to a snapshot that it has made itself.",
        );
      }
      tenant.reset(then.moment);
      browsers.clear();
      for (const [employee, jar] of copyOf(then.browsers)) browsers.set(employee, jar);
    },
    close: end,
    [Symbol.asyncDispose]: end,
  };
}

function copyOf(browsers: Browsers, nameThere?: (name: string) => string): Browsers {
  return new Map([...browsers].map(([employee, jar]) => [employee, jar.copy(nameThere)]));
}

async function evaluateFor(
  { context }: RunningTenant,
  request: EvaluateRequest,
): Promise<readonly Evaluation[]> {
  const { application, employee, connection, ...asked } = request;
  const client = applicationNamed(context, application);
  checkEmployee(context, request);
  const names = context.store.tables.connections.list().map(({ name }) => name);
  if (connection !== undefined && !names.includes(connection)) {
    const all = names.map((name) => `"${name}"`).join(", ") || "none";
    throw new UserError(`The tenant has no connection "${connection}". It has ${all}.`);
  }
  const ways = waysOf(context, client, employee).filter(
    (way) => connection === undefined || way.connection.name === connection,
  );
  return Promise.all(ways.map((way) => evaluate(context, client, way, asked)));
}
