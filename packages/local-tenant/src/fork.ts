import { ActionsOfTenant } from "./actions-of-tenant.ts";
import { Clock } from "./clock.ts";
import type { RunningContext, TenantContext } from "./context.ts";
import { FORK_HEADER } from "./family.ts";
import type { Family } from "./family.ts";
import { RequestLog } from "./sessions/request-log.ts";
import { SigningKeys } from "./store/keys.ts";
import { audienceOf } from "./store/own-address.ts";

/**
 * A tenant that is as another one is now. Nothing that either of the two does later is seen by the other.
 * @param name What requests of the fork have in their header.
 * @param own What the fork does not have from its parent: the domain of one with a port, and what the clock
 * goes by.
 */
export function forkOf(
  parent: RunningContext,
  family: Family,
  name: string,
  own: { readonly domain?: string; readonly now?: () => number } = {},
): RunningContext {
  const { domain = parent.domain } = own;
  const clock = own.now === undefined ? parent.clock.fork() : new Clock(own.now);
  const now = clock.milliseconds;
  const ids = parent.ids.fork();
  const store = parent.store.fork();
  store.domain = domain;
  const domains = [domain, ...parent.domains.filter((other) => other !== domain)] as const;
  const header = { name: FORK_HEADER, value: name };
  const headers = Object.fromEntries(domains.flatMap(namesOf).map((host) => [host, header]));
  return {
    ...addressesOf(domains),
    ownHeaders: { host: domain, [FORK_HEADER]: name },
    clock,
    now,
    ids,
    store,
    keys: new SigningKeys(store, ids, now),
    actions: new ActionsOfTenant(parent.actions, () => ({ id: family.name(), now, headers })),
    get directory() {
      return parent.directory;
    },
    log: new RequestLog(),
    signIns: parent.signIns.fork(now),
    faults: parent.faults.fork(),
    rateLimits: parent.rateLimits.fork(now),
    discover: parent.discover,
  };
}

/** The ways to write a loopback address with this port. */
function namesOf(domain: string): string[] {
  return ["localhost", "127.0.0.1", "[::1]"].map((host) => domain.replace("localhost", host));
}

/** What follows from a tenant's host and port, and from those of the tenants that it was forked from. */
export function addressesOf(
  domains: readonly [string, ...string[]],
): Pick<TenantContext, "domain" | "domains" | "issuer" | "managementAudience" | "managementAudiences"> {
  const [domain] = domains;
  return {
    domain,
    domains,
    issuer: `https://${domain}/`,
    managementAudience: audienceOf(domain),
    managementAudiences: domains.map(audienceOf),
  };
}
