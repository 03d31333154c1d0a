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

interface Waiting {
  readonly spec: InstanceSpec;
  readonly tenant: string;
  readonly resolve: (instance: Instance) => void;
  readonly reject: (error: Error) => void;
}

interface Place {
  readonly spec: InstanceSpec;
  readonly instance: Instance;
  busy: boolean;
  /** Whose sign-in is the one under way, or was the last one. */
  tenant: string;
  /** Whose was the one before. */
  formerTenant: string;
  /** Whether it serves this tenant only. */
  dedicated: boolean;
  /** All that it has served. */
  readonly tenants: Set<string>;
  idleTimer?: NodeJS.Timeout;
}

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
  readonly #places = new Set<Place>();
  /** Instances that were told to end and have not ended yet. */
  readonly #ending = new Set<Instance>();
  readonly #queue: Waiting[] = [];
  /** By tenant and Action, the version that ran last. */
  readonly #versions = new Map<string, Map<string, InstanceSpec>>();
  readonly #limit: number;
  readonly #idleMs: number;
  #closed = false;

  constructor(limit: number, idleMs: number) {
    this.#limit = limit;
    this.#idleMs = idleMs;
    open.add(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Waits for an instance of its own. Give it back with `release`. */
  acquire(spec: InstanceSpec, tenant: string): Promise<Instance> {
    if (this.#closed) return Promise.reject(new PoolClosedError());
    this.#retireOldVersions(spec, tenant);
    return new Promise((resolve, reject) => {
      this.#queue.push({ spec, tenant, resolve, reject });
      this.#serve();
    });
  }

  /** `refused` says that the instance cannot serve the tenant for whom it was acquired. */
  release(instance: Instance, refused = false): void {
    const place = [...this.#places].find((candidate) => candidate.instance === instance);
    if (place !== undefined) {
      place.busy = false;
      if (refused) {
        place.tenant = place.formerTenant;
        place.dedicated = true;
      }
      if (!instance.usable) this.#end(place);
      else this.#startIdling(place);
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
   * hold up a later one that has a warm instance.
   */
  #serve(): void {
    for (const waiting of [...this.#queue]) {
      const place = this.#findIdle(waiting) ?? this.#start(waiting);
      if (place === undefined) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      place.busy = true;
      place.formerTenant = place.tenant;
      place.tenant = waiting.tenant;
      place.tenants.add(waiting.tenant);
      clearTimeout(place.idleTimer);
      waiting.resolve(place.instance);
    }
  }

  /** Best one whose last sign-in was of the same tenant, because the change costs time. */
  #findIdle({ spec, tenant }: Waiting): Place | undefined {
    const idle = [...this.#places].filter(
      (place) => !place.busy && place.instance.usable && isSame(place.spec, spec),
    );
    return idle.find((place) => place.tenant === tenant) ?? idle.find((place) => !place.dedicated);
  }

  #start({ spec, tenant }: Waiting): Place | undefined {
    if (this.#places.size >= this.#limit) {
      const idle = [...this.#places].find((place) => !place.busy);
      if (idle === undefined) return undefined;
      this.#end(idle);
    }
    const instance = new Instance(spec.plan, spec.load);
    const place: Place = {
      spec,
      instance,
      busy: true,
      tenant,
      formerTenant: tenant,
      dedicated: false,
      tenants: new Set(),
    };
    this.#places.add(place);
    void instance.ended.then(() => {
      this.#places.delete(place);
      this.#ending.delete(instance);
      clearTimeout(place.idleTimer);
      if (!this.#closed) this.#serve();
    });
    return place;
  }

  #startIdling(place: Place): void {
    place.idleTimer = setTimeout(() => this.#end(place), this.#idleMs);
    place.idleTimer.unref();
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
    one.actionId === other.actionId &&
    one.versionId === other.versionId &&
    one.load.code === other.load.code &&
    one.plan.args.join("\0") === other.plan.args.join("\0")
  );
}
