/** How often, at most, all entries are looked at to drop those that have expired. */
const SWEEP_INTERVAL_MS = 30_000;

/**
 * Values that are forgotten: each after its own time, and the oldest ones when there are more than `limit`.
 * So the tenant's memory does not grow however many people sign in.
 */
export class Expiring<Value> {
  readonly #entries = new Map<string, { value: Value; expiresAt: number }>();
  readonly #now: () => number;
  readonly #limit: number;
  #sweptAt = 0;

  constructor(now: () => number, limit: number) {
    this.#now = now;
    this.#limit = limit;
  }

  /** How many values are kept, expired ones that were not swept yet among them. */
  get size(): number {
    return this.#entries.size;
  }

  set(key: string, value: Value, milliseconds: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt: this.#now() + milliseconds });
    this.#sweep();
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Gets the value and forgets it: for values that may be used only once. */
  take(key: string): Value | undefined {
    const value = this.get(key);
    this.#entries.delete(key);
    return value;
  }

  delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  /** Forgets every value that passes the test. */
  deleteWhere(test: (value: Value) => boolean): void {
    for (const [key, entry] of this.#entries) if (test(entry.value)) this.#entries.delete(key);
  }

  #sweep(): void {
    const now = this.#now();
    if (now - this.#sweptAt >= SWEEP_INTERVAL_MS || now < this.#sweptAt) {
      this.#sweptAt = now;
      for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.#entries.delete(key);
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) return;
      this.#entries.delete(key);
    }
  }
}
