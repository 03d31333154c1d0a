import type { ActionsOfTenant } from "./actions-of-tenant.ts";
import type { ActionRunner } from "./actions/types.ts";
import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { Ids } from "./store/ids.ts";
import type { SigningKeys } from "./store/keys.ts";
import type { RequestLog } from "./sessions/request-log.ts";
import type { Directory } from "./directory/directory.ts";
import type { SignIns } from "./sessions/sign-ins.ts";
import type { Discover } from "./management/connections/fetch-discovery.ts";
import type { RateLimits } from "./management/rate-limit.ts";
import type { Store } from "./store/state.ts";

/** What every part of one tenant shares. */
export interface TenantContext {
  /** Host and port, such as `localhost:8443`. */
  readonly domain: string;
  /**
   * That domain, and those of the tenants that this one was forked from. An Action of theirs may have been
   * told one of them; while it runs here, what it sends there comes here.
   */
  readonly domains: readonly string[];
  /** `https://DOMAIN/`, with the trailing slash that Auth0's issuers have. */
  readonly issuer: string;
  /** `https://DOMAIN/api/v2/`, the audience of Management API tokens. */
  readonly managementAudience: string;
  /** That of each of `domains`. All of them mean this tenant's Management API. */
  readonly managementAudiences: readonly string[];
  /** Headers that bring a request without a socket to this tenant and to no other of its family. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  /** What the tenant decides by time is decided by this clock, never by the machine's. */
  readonly clock: Clock;
  /** The clock's time in milliseconds since the epoch. */
  readonly now: () => number;
  readonly ids: Ids;
  readonly store: Store;
  readonly keys: SigningKeys;
  readonly actions: ActionRunner;
  /**
   * Who works at the company today, as the emulated Azure AD knows it. It may be another one at the next
   * look.
   */
  readonly directory: Directory;
  readonly log: RequestLog;
  /** Sign-ins under way, sessions, codes, tokens and traces; in memory. */
  readonly signIns: SignIns;
  /** How the tenant misbehaves on purpose. */
  readonly faults: Faults;
  /** What is left of the limits of a plan. */
  readonly rateLimits: RateLimits;
  /** Reads an identity provider's discovery document, over the network unless a test has another way. */
  readonly discover: Discover;
}

/** What the owner of a tenant has in hand: a tenant can begin anew. */
export interface RunningContext extends TenantContext {
  readonly actions: ActionsOfTenant;
}
