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
  readonly resolve: (instance: Instance) => void;
  readonly reject: (error: Error) => void;
}

interface Place {
  readonly spec: InstanceSpec;
  readonly instance: Instance;
  busy: boolean;
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
  acquire(spec: InstanceSpec): Promise<Instance> {
    if (this.#closed) return Promise.reject(new PoolClosedError());
    this.#retireOldVersions(spec);
    return new Promise((resolve, reject) => {
      this.#queue.push({ spec, resolve, reject });
      this.#serve();
    });
  }

  release(instance: Instance): void {
    const place = [...this.#places].find((candidate) => candidate.instance === instance);
    if (place !== undefined) {
      place.busy = false;
      if (!instance.usable) this.#end(place);
      else this.#startIdling(place);
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
      const place = this.#findIdle(waiting.spec) ?? this.#start(waiting.spec);
      if (place === undefined) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      place.busy = true;
      clearTimeout(place.idleTimer);
      waiting.resolve(place.instance);
    }
  }

  #findIdle(spec: InstanceSpec): Place | undefined {
    return [...this.#places].find(
      (place) => !place.busy && place.instance.usable && isSame(place.spec, spec),
    );
  }

  #start(spec: InstanceSpec): Place | undefined {
    if (this.#places.size >= this.#limit) {
      const idle = [...this.#places].find((place) => !place.busy);
      if (idle === undefined) return undefined;
      this.#end(idle);
    }
    const instance = new Instance(spec.plan, spec.load);
    const place: Place = { spec, instance, busy: true };
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

  #retireOldVersions(spec: InstanceSpec): void {
    for (const place of this.#places) {
      const old = place.spec.actionId === spec.actionId && !isSame(place.spec, spec);
      if (old && !place.busy) this.#end(place);
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
