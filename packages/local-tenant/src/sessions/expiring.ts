import { LayeredMap } from "../store/layered-map.ts";
import type { IndexedBy } from "../store/layer.ts";
import type { Content } from "../store/layered-map.ts";

/** How often, at most, all entries are looked at to drop those that have expired. */
const SWEEP_INTERVAL_MS = 30_000;

/** How much the values of one kind may take together, where anybody can make large ones. */
export interface ByteLimit<Value> {
  readonly bytes: number;
  /** What a value takes, at the moment when it is set. */
  readonly sizeOf: (value: Value, key: string) => number;
}

export interface ExpiringOptions<Value> {
  readonly byteLimit?: ByteLimit<Value>;
  readonly indexedBy?: IndexedBy<Value>;
}

interface Entry<Value> {
  readonly value: Value;
  readonly expiresAt: number;
  readonly bytes: number;
}

/** What was kept at one moment. */
export interface ExpiringSnapshot<Value> {
  readonly entries: Content<Entry<Value>>;
  readonly bytes: number;
}

/**
 * Values that are forgotten: each after its own time, and the oldest ones when there are more than `limit` or
 * when they take too many bytes. So the tenant's memory does not grow however many people sign in.
 * A value is never changed in place: whoever wants to change it sets another one, so that copies can share
 * it.
 */
export class Expiring<Value> {
  readonly #entries: LayeredMap<Entry<Value>>;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #byteLimit: ByteLimit<Value> | undefined;
  #bytes = 0;
  #sweptAt = 0;

  /** `indexedBy` is what `keysBy` can find values by. */
  constructor(now: () => number, limit: number, options: ExpiringOptions<Value> = {}) {
    const { byteLimit, indexedBy = {} } = options;
    const entries = Object.entries(indexedBy).map(
      ([name, textsOf]) => [name, ({ value }: Entry<Value>) => textsOf(value)] as const,
    );
    this.#entries = new LayeredMap(Object.fromEntries(entries));
    this.#now = now;
    this.#limit = limit;
    this.#byteLimit = byteLimit;
  }

  /** How many values are kept, expired ones that were not swept yet among them. */
  get size(): number {
    return this.#entries.size;
  }

  /** All values, the oldest first, expired ones that were not swept yet among them. */
  list(): Value[] {
    return [...this.#entries.entries()].map(([, { value }]) => value.value);
  }

  /** How many bytes the values take, where that has a limit. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many values this object shares with no copy of it. */
  get ownSize(): number {
    return this.#entries.ownSize;
  }

  set(key: string, value: Value, milliseconds: number): void {
    this.delete(key);
    this.#put(key, value, this.#now() + milliseconds);
  }

  /** Changes the value of a key, where there still is one. It ends when it would have ended. */
  change(key: string, changed: (value: Value) => Value): void {
    const value = this.get(key);
    const entry = this.#entries.get(key)?.value;
    if (value === undefined || entry === undefined) return;
    this.#bytes -= entry.bytes;
    this.#put(key, changed(value), entry.expiresAt);
  }

  /** The keys with this text in an index, expired ones among them. */
  keysBy(index: string, text: string): string[] {
    return this.#entries.by(index, text).map(([key]) => key);
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)?.value;
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.#now()) return entry.value;
    this.delete(key);
    return undefined;
  }

  /** Gets the value and forgets it: for values that may be used only once. */
  take(key: string): Value | undefined {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  delete(key: string): boolean {
    this.#bytes -= this.#entries.get(key)?.value.bytes ?? 0;
    return this.#entries.delete(key);
  }

  /** What is kept now, to go back to later or for a copy. */
  snapshot(): ExpiringSnapshot<Value> {
    return { entries: this.#entries.share(), bytes: this.#bytes };
  }

  /** Has from now on what was kept when the snapshot was taken. */
  reset({ entries, bytes }: ExpiringSnapshot<Value>): void {
    this.#entries.become(entries);
    this.#bytes = bytes;
  }

  /** Forgets every value that passes the test. */
  deleteWhere(test: (value: Value) => boolean): void {
    for (const [key, { value }] of this.#entries.entries()) if (test(value.value)) this.delete(key);
  }

  #put(key: string, value: Value, expiresAt: number): void {
    const bytes = this.#byteLimit?.sizeOf(value, key) ?? 0;
    this.#entries.set(key, { value: Object.freeze(value), expiresAt, bytes });
    this.#bytes += bytes;
    this.#sweep();
  }

  #sweep(): void {
    const now = this.#now();
    if (now - this.#sweptAt >= SWEEP_INTERVAL_MS || now < this.#sweptAt) {
      this.#sweptAt = now;
      for (const [key, { value }] of this.#entries.entries()) if (value.expiresAt <= now) this.delete(key);
    }
    const { bytes = Infinity } = this.#byteLimit ?? {};
    while (this.#entries.size > this.#limit || this.#bytes > bytes) this.delete(this.#entries.oldest() ?? "");
  }
}
