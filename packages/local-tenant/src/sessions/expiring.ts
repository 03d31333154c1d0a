/** How often, at most, all entries are looked at to drop those that have expired. */
const SWEEP_INTERVAL_MS = 30_000;

/** How much the values of one kind may take together, where anybody can make large ones. */
export interface ByteLimit<Value> {
  readonly bytes: number;
  /** What a value takes, at the moment when it is set. */
  readonly sizeOf: (value: Value) => number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly expiresAt: number;
  readonly bytes: number;
}

/**
 * Values that are forgotten: each after its own time, and the oldest ones when there are more than `limit` or
 * when they take too many bytes. So the tenant's memory does not grow however many people sign in.
 */
export class Expiring<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #now: () => number;
  readonly #limit: number;
  readonly #byteLimit: ByteLimit<Value> | undefined;
  #bytes = 0;
  #sweptAt = 0;

  constructor(now: () => number, limit: number, byteLimit?: ByteLimit<Value>) {
    this.#now = now;
    this.#limit = limit;
    this.#byteLimit = byteLimit;
  }

  /** How many values are kept, expired ones that were not swept yet among them. */
  get size(): number {
    return this.#entries.size;
  }

  /** How many bytes the values take, where that has a limit. */
  get bytes(): number {
    return this.#bytes;
  }

  set(key: string, value: Value, milliseconds: number): void {
    this.delete(key);
    const bytes = this.#byteLimit?.sizeOf(value) ?? 0;
    this.#entries.set(key, { value, expiresAt: this.#now() + milliseconds, bytes });
    this.#bytes += bytes;
    this.#sweep();
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
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
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    return this.#entries.delete(key);
  }

  /** Forgets every value that passes the test. */
  deleteWhere(test: (value: Value) => boolean): void {
    for (const [key, entry] of this.#entries) if (test(entry.value)) this.delete(key);
  }

  #sweep(): void {
    const now = this.#now();
    if (now - this.#sweptAt >= SWEEP_INTERVAL_MS || now < this.#sweptAt) {
      this.#sweptAt = now;
      for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.delete(key);
    }
    const { bytes = Infinity } = this.#byteLimit ?? {};
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit && this.#bytes <= bytes) return;
      this.delete(key);
    }
  }
}
