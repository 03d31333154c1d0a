/**
 * What `api.cache` keeps for the post-login trigger, shared by all of its Actions and kept while the tenant
 * runs. Production promises less: an entry may be gone at any later sign-in. The limits are checked where the
 * Action can be told of them, and once more here, where nothing that an Action's process says is believed.
 */
export class TriggerCache {
  readonly #entries = new Map<string, { value: string; expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** All that is still valid. */
  snapshot(): [key: string, value: string, expiresAt: number][] {
    const now = this.#now();
    const entries: [string, string, number][] = [];
    for (const [key, { value, expiresAt }] of this.#entries) {
      if (expiresAt <= now) this.#entries.delete(key);
      else entries.push([key, value, expiresAt]);
    }
    return entries;
  }

  /** Answers `false` and changes nothing where a limit would be passed. */
  set(key: string, value: string, expiresAt: number): boolean {
    const others = this.snapshot().filter(([name]) => name !== key);
    const total = others.reduce((sum, [name, text]) => sum + sizeOf(name, text), sizeOf(key, value));
    if (Buffer.byteLength(key) > CACHE_LIMITS.key || Buffer.byteLength(value) > CACHE_LIMITS.value)
      return false;
    if (total > CACHE_LIMITS.total || others.length >= CACHE_LIMITS.entries) return false;
    this.#entries.set(key, { value, expiresAt: Math.min(expiresAt, this.#now() + CACHE_LIMITS.lifetimeMs) });
    return true;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}

/** Bytes, entries and milliseconds: https://auth0.com/docs/customize/actions/limitations. */
const CACHE_LIMITS = { key: 64, value: 4096, total: 8192, entries: 20, lifetimeMs: 24 * 3_600_000 };

function sizeOf(key: string, value: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value);
}
