import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { UserError } from "./lib/errors.ts";
import type { TlsMaterial } from "./lib/tls.ts";
import type { RunningContext } from "./context.ts";
import { FORK_HEADER } from "./family.ts";
import type { Family } from "./family.ts";
import type { Faults } from "./faults.ts";
import { forkOf } from "./fork.ts";
import { inject } from "./inject.ts";
import type { InjectRequest, InjectResponse } from "./inject.ts";
import { Listener } from "./listener.ts";
import type { RateLimits } from "./management/rate-limit.ts";
import type { SignInsSnapshot } from "./sessions/sign-ins.ts";
import type { StoreSnapshot } from "./store/state.ts";

/** What a tenant and its forks share. */
export interface Home {
  readonly app: FastifyInstance;
  readonly family: Family;
  readonly tls: TlsMaterial;
}

export interface ForkOptions {
  /** Whether the fork gets a port, a domain and an issuer of its own, so that other programs can reach it. */
  readonly listen?: boolean;
}

/** A tenant at one moment. */
export interface Moment {
  readonly tenant: RunningTenant;
  readonly store: StoreSnapshot;
  readonly signIns: SignInsSnapshot;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly ahead: number;
  readonly restoreIds: () => void;
}

/** A tenant that answers: the first of a family, or a fork of one. */
export class RunningTenant {
  readonly context: RunningContext;
  /** PEM of the authority that signed the served certificate. */
  readonly ca: string;
  readonly #home: Home;
  readonly #listener: Listener | undefined;
  readonly #end: () => Promise<void> | void;
  readonly #forks = new Set<RunningTenant>();
  readonly #made: Moment;
  #closing: Promise<void> | undefined;

  /** @param end What is left to be done at the end, when its port and its forks are closed. */
  constructor(
    home: Home,
    context: RunningContext,
    listener: Listener | undefined,
    end: () => Promise<void> | void,
  ) {
    this.context = context;
    this.ca = home.tls.ca;
    this.#home = home;
    this.#listener = listener;
    this.#end = end;
    this.#made = this.snapshot();
    const name = context.ownHeaders[FORK_HEADER];
    listener?.serve((request, response) => {
      // An Action of a fork's own fork says so itself.
      if (name !== undefined) request.headers[FORK_HEADER] ??= name;
      home.app.routing(request, response);
    });
  }

  /** Whether it has a port of its own. */
  get listens(): boolean {
    return this.#listener !== undefined;
  }

  get port(): number {
    return Number(this.context.domain.split(":")[1]);
  }

  /** The HTTP side as fastify offers it to tests. */
  readonly app = {
    inject: (options: InjectOptions | string): Promise<LightMyRequestResponse> => {
      const given = typeof options === "string" ? { url: options } : options;
      const { [FORK_HEADER]: fork } = this.context.ownHeaders;
      const headers = { ...given.headers, ...(fork !== undefined && { [FORK_HEADER]: fork }) };
      return this.#home.app.inject({ ...given, headers });
    },
    hasRoute: (...route: Parameters<FastifyInstance["hasRoute"]>) => this.#home.app.hasRoute(...route),
  };

  /** Answers a request without a socket. */
  async inject(request: InjectRequest): Promise<InjectResponse> {
    this.#mustBeOpen();
    return inject(this.#home.app, this.context, request);
  }

  /**
   * Makes a tenant that is as this one is now, in memory. It goes on by itself until it or this one is
   * closed.
   * @param options `now` is what its clock goes by, in place of this one's.
   */
  async fork(options: ForkOptions & { readonly now?: () => number } = {}): Promise<RunningTenant> {
    const { listen = false, now } = options;
    this.#mustBeOpen();
    const { family, tls } = this.#home;
    const listener = listen ? await Listener.open(tls, 0) : undefined;
    const name = family.name();
    const domain = listener === undefined ? undefined : `localhost:${listener.port}`;
    const context = forkOf(this.context, family, name, { ...(domain && { domain }), ...(now && { now }) });
    family.add(name, context);
    const fork = new RunningTenant(this.#home, context, listener, async () => {
      this.#forks.delete(fork);
      family.remove(name);
      await context.actions.close();
    });
    this.#forks.add(fork);
    return fork;
  }

  /** Everything as it is now, to go back to later. */
  snapshot(): Moment {
    const { store, signIns, faults, rateLimits, clock, ids } = this.context;
    return {
      tenant: this,
      store: store.snapshot(),
      signIns: signIns.snapshot(),
      faults: faults.fork(),
      rateLimits: rateLimits.fork(),
      ahead: clock.ahead,
      restoreIds: ids.mark(),
    };
  }

  /**
   * Goes back to how everything was at that moment, or when the tenant was made. What Actions have left
   * behind in their modules and in `api.cache` is forgotten.
   */
  reset(moment = this.#made): void {
    this.#mustBeOpen();
    const { store, signIns, faults, rateLimits, clock, log, actions } = this.context;
    if (moment.tenant !== this) {
      throw new UserError(
        "This snapshot is of another tenant. Reset a tenant to a snapshot that it has made itself.",
      );
    }
    store.reset(moment.store);
    signIns.reset(moment.signIns);
    faults.become(moment.faults);
    rateLimits.become(moment.rateLimits);
    clock.restore(moment.ahead);
    moment.restoreIds();
    log.clear();
    actions.renew();
  }

  /** Ends it and its forks: ports, open connections, Actions. What is to be kept is saved. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#forks].map((fork) => fork.close()));
    await this.#listener?.close();
    await this.#end();
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new UserError("This tenant is closed.");
  }
}
