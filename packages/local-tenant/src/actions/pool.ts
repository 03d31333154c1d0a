import { Instance } from "./instance.ts";
import type { LaunchPlan } from "./launch.ts";
import type { LoadMessage } from "./protocol.ts";

/** What an instance is made from; two Actions, or two versions of one, never share a process. */
export interface InstanceSpec {
  readonly actionId: string;
  readonly versionId: string;
  readonly plan: LaunchPlan;
  readonly load: LoadMessage;
}

export interface PoolOptions {
  /** How many processes may run Actions at once. */
  readonly limit: number;
  /** Milliseconds after which an idle process ends. */
  readonly idleMs: number;
  /** Milliseconds of computing that a sign-in waits for before another process is started. */
  readonly patienceMs: number;
}

interface Waiting {
  readonly spec: InstanceSpec;
  readonly tenant: string;
  readonly since: number;
  readonly resolve: (instance: Instance) => void;
  readonly reject: (error: Error) => void;
}

interface Place {
  readonly spec: InstanceSpec;
  readonly instance: Instance;
  /** Whose sign-in is the one under way, or was the last one. */
  tenant: string;
  /** Whose was the one before. */
  formerTenant: string;
  /** Whether it serves this tenant only. */
  dedicated: boolean;
  /** All that it has served. */
  readonly tenants: Set<string>;
  busy: boolean;
  /** When a sign-in last came or went. */
  moved: number;
  readonly idleTimer: NodeJS.Timeout;
}

/**
 * How many idle processes are kept beside those that may run at once, so that a flow of many Actions does not
 * start each of them again at every sign-in.
 */
const KEPT = 24;

/** Thrown to those who still wait for an instance when the pool is closed. */
export class PoolClosedError extends Error {
  constructor() {
    super("The place where Actions run was closed.");
    this.name = "PoolClosedError";
  }
}

/** Pools with processes that must not outlive this one. */
const open = new Set<InstancePool>();
process.once("exit", () => {
  for (const pool of open) pool.killAll();
});

/** Keeps instances warm between sign-ins, as production does, and holds their number down. */
export class InstancePool {
  /** The one that was used last at the end. */
  readonly #places = new Set<Place>();
  /** Instances that were told to end and have not ended yet. */
  readonly #ending = new Set<Instance>();
  readonly #queue: Waiting[] = [];
  /** By tenant and Action, the version that ran last. */
  readonly #versions = new Map<string, Map<string, InstanceSpec>>();
  readonly #options: PoolOptions;
  #patience: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    open.add(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether there is no process at all. */
  get empty(): boolean {
    return this.#places.size === 0;
  }

  /** Starts a process for a sign-in that is about to come, where there is none. */
  warmUp(spec: InstanceSpec): void {
    if (this.#closed || [...this.#places].some((place) => isSame(place.spec, spec))) return;
    const place = this.#start({ spec, tenant: "" });
    if (place !== undefined) place.busy = false;
  }

  /** Waits for an instance of its own. Give it back with `release`. */
  acquire(spec: InstanceSpec, tenant: string): Promise<Instance> {
    if (this.#closed) return Promise.reject(new PoolClosedError());
    this.#retireOldVersions(spec, tenant);
    return new Promise((resolve, reject) => {
      this.#queue.push({ spec, tenant, since: performance.now(), resolve, reject });
      this.#serve();
    });
  }

  /** `refused` says that the instance cannot serve the tenant for whom it was acquired. */
  release(instance: Instance, refused = false): void {
    const place = [...this.#places].find((candidate) => candidate.instance === instance);
    if (place !== undefined) {
      place.busy = false;
      place.moved = performance.now();
      if (refused) {
        place.tenant = place.formerTenant;
        place.dedicated = true;
      }
      if (instance.usable) place.idleTimer.refresh();
      else this.#end(place);
    }
    this.#serve();
  }

  /** Ends what is under way for a tenant, and forgets what there is of it, without waiting for that. */
  drop(tenant: string): void {
    for (const waiting of this.#queue.filter((one) => one.tenant === tenant)) {
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.reject(new PoolClosedError());
    }
    this.#versions.delete(tenant);
    for (const place of this.#places) {
      if (place.tenant === tenant && (place.busy || place.dedicated)) this.#end(place);
      else if (place.tenants.delete(tenant)) place.instance.drop(tenant);
    }
    this.#serve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    open.delete(this);
    clearTimeout(this.#patience);
    for (const { reject } of this.#queue.splice(0)) reject(new PoolClosedError());
    this.killAll();
    await Promise.all([...this.#ending].map(({ ended }) => ended));
  }

  /** Ends every process, without waiting for that. */
  killAll(): void {
    for (const place of this.#places) this.#end(place);
  }

  /**
   * Gives instances to those who wait, in the order in which they came. One that must go on waiting does not
   * hold up a later one that has an instance.
   */
  #serve(): void {
    for (const waiting of [...this.#queue]) {
      const place =
        this.#findIdle(waiting) ?? (this.#needsAnother(waiting) ? this.#start(waiting) : undefined);
      if (place === undefined) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      this.#give(place, waiting);
    }
    this.#bePatient();
  }

  #give(place: Place, { tenant, resolve }: Waiting): void {
    place.busy = true;
    place.moved = performance.now();
    place.formerTenant = place.tenant;
    place.tenant = tenant;
    place.tenants.add(tenant);
    this.#places.delete(place);
    this.#places.add(place);
    resolve(place.instance);
  }

  /**
   * Best the one whose last sign-in was of the same tenant, because the change costs time; and the one that
   * was used last, because what is not needed then ends by itself.
   */
  #findIdle(waiting: Waiting): Place | undefined {
    const idle = this.#placesFor(waiting).filter(({ busy }) => !busy);
    return idle.findLast(({ tenant }) => tenant === waiting.tenant) ?? idle.at(-1);
  }

  #placesFor({ spec, tenant }: Waiting): Place[] {
    return [...this.#places].filter(
      (place) =>
        place.instance.usable && isSame(place.spec, spec) && (!place.dedicated || place.tenant === tenant),
    );
  }

  /**
   * Whether it is worth a start, which costs as much as many runs. A run takes less than a millisecond unless
   * the Action waits for something, and then another process is started at once: in all at most as many at a
   * time as there are that wait. How long somebody has waited says less, because a slow machine is not made
   * faster by more processes: what counts is that no run ends, or how much all runs in the queue have to
   * compute.
   */
  #needsAnother(waiting: Waiting): boolean {
    const places = this.#placesFor(waiting);
    if (places.length === 0) return true;
    const ready = places.filter(({ instance }) => instance.ready);
    const starting = places.length - ready.length;
    if (ready.length > 0 && ready.every(({ instance }) => instance.waiting)) return starting < ready.length;
    if (starting > 0) return false;
    const { patienceMs } = this.#options;
    const moved = Math.max(waiting.since, ...places.map((place) => place.moved));
    if (performance.now() - moved >= patienceMs) return true;
    const queue = this.#queue.filter(({ spec }) => isSame(spec, waiting.spec)).length;
    const usual = Math.max(...ready.map(({ instance }) => instance.usualMs));
    return (queue * usual) / places.length >= patienceMs;
  }

  /** Looks again when the patience of those who wait is over. */
  #bePatient(): void {
    if (this.#queue.length === 0 || this.#patience !== undefined || this.#closed) return;
    this.#patience = setTimeout(() => {
      // After the messages that have come while this process was busy itself.
      setImmediate(() => {
        this.#patience = undefined;
        this.#serve();
      });
    }, this.#options.patienceMs);
    this.#patience.unref();
  }

  #start({ spec, tenant }: Pick<Waiting, "spec" | "tenant">): Place | undefined {
    const idle = [...this.#places].filter(({ busy }) => !busy);
    if (this.#places.size - idle.length >= this.#options.limit) return undefined;
    const [oldest] = idle;
    if (oldest !== undefined && idle.length >= KEPT) this.#end(oldest);
    const instance = new Instance(spec.plan, spec.load, () => this.#serve());
    const place: Place = {
      spec,
      instance,
      tenant,
      formerTenant: tenant,
      dedicated: false,
      tenants: new Set(),
      busy: true,
      moved: performance.now(),
      idleTimer: setTimeout(() => this.#endIdle(place), this.#options.idleMs),
    };
    place.idleTimer.unref();
    this.#places.add(place);
    void instance.ended.then(() => {
      this.#places.delete(place);
      this.#ending.delete(instance);
      clearTimeout(place.idleTimer);
      if (!this.#closed) this.#serve();
    });
    return place;
  }

  /** The timer runs on while a sign-in is under way, and begins anew behind it. */
  #endIdle(place: Place): void {
    if (!place.busy) this.#end(place);
  }

  /** Ends the processes of a version that no tenant uses any more. */
  #retireOldVersions(spec: InstanceSpec, tenant: string): void {
    const versions = this.#versions.get(tenant) ?? new Map<string, InstanceSpec>();
    this.#versions.set(tenant, versions);
    const former = versions.get(spec.actionId);
    versions.set(spec.actionId, spec);
    if (former === undefined || isSame(former, spec)) return;
    const inUse = [...this.#versions.values()].map((all) => all.get(spec.actionId));
    for (const place of this.#places) {
      const old = place.spec.actionId === spec.actionId && !place.busy;
      if (old && !inUse.some((used) => used !== undefined && isSame(used, place.spec))) this.#end(place);
    }
  }

  #end(place: Place): void {
    this.#places.delete(place);
    this.#ending.add(place.instance);
    clearTimeout(place.idleTimer);
    place.instance.kill();
  }
}

function isSame(one: InstanceSpec, other: InstanceSpec): boolean {
  return (
    one === other ||
    (one.actionId === other.actionId &&
      one.versionId === other.versionId &&
      one.load.code === other.load.code &&
      one.plan.args.join("\0") === other.plan.args.join("\0"))
  );
}
