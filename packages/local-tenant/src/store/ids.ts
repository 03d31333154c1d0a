import { createHash, randomBytes } from "node:crypto";

/** The source of random bytes: the system, or a seed for runs that must repeat. */
export interface RandomBytes {
  (size: number): Buffer;
  /** What a source with a seed can do, so that forks and what follows a reset repeat too. */
  readonly seeded?: {
    /** Another source, whose bytes do not depend on what is taken from this one. */
    fork(): RandomBytes;
    /** Remembers this moment; what it gives brings the source back to it. */
    mark(): () => void;
  };
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** How many bytes are fetched at once. */
const POOL_BYTES = 4096;

/**
 * The system's random bytes, fetched many at a time, because a fetch takes longer than all else about an id.
 * No byte is given twice.
 */
function pooledRandom(): RandomBytes {
  let pool = Buffer.alloc(0);
  let used = 0;
  return (size) => {
    if (size > POOL_BYTES) return randomBytes(size);
    if (used + size > pool.length) [pool, used] = [randomBytes(POOL_BYTES), 0];
    used += size;
    return pool.subarray(used - size, used);
  };
}

/** Makes identifiers in the shapes that production uses. */
export interface Ids {
  /** `size` characters of `[A-Za-z0-9]`. */
  alphanumeric(size: number): string;
  /** A prefix such as `con_` and 16 characters. */
  prefixed(prefix: string, size?: number): string;
  /** A lower-case version 4 UUID. */
  uuid(): string;
  /** `size` lower-case hexadecimal digits. */
  hex(size: number): string;
  /** An unguessable base64url string of `size` random bytes, for codes, sessions and tokens. */
  secret(size?: number): string;
  /** The identifiers of a copy of the tenant. */
  fork(): Ids;
  /** Remembers this moment. With a seed, what it gives makes the same identifiers come again. */
  mark(): () => void;
}

/** The identifier source of one tenant. */
export function createIds(random: RandomBytes = pooledRandom()): Ids {
  const alphanumeric = (size: number): string => {
    let text = "";
    // Bytes of 248 and more are dropped: 62 does not divide 256, and a plain remainder would favour some
    // letters.
    while (text.length < size) {
      for (const byte of random(size)) {
        if (byte < 248 && text.length < size) text += ALPHANUMERIC[byte % 62];
      }
    }
    return text;
  };
  return {
    alphanumeric,
    prefixed: (prefix, size = 16) => prefix + alphanumeric(size),
    hex: (size) =>
      random(Math.ceil(size / 2))
        .toString("hex")
        .slice(0, size),
    secret: (size = 32) => random(size).toString("base64url"),
    fork: () => createIds(random.seeded?.fork() ?? random),
    mark: () => random.seeded?.mark() ?? (() => undefined),
    uuid: () => {
      const bytes = random(16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const hex = bytes.toString("hex");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        "-",
      );
    },
  };
}

/** A repeatable stream of bytes from a seed. Not for secrets that anybody relies on. */
export function seededRandom(seed: string): RandomBytes {
  let counter = 0;
  let forks = 0;
  let pool = Buffer.alloc(0);
  const take = (size: number): Buffer => {
    while (pool.length < size) {
      pool = Buffer.concat([pool, createHash("sha256").update(`${seed}:${counter++}`).digest()]);
    }
    const bytes = Buffer.from(pool.subarray(0, size));
    pool = pool.subarray(size);
    return bytes;
  };
  const mark = () => {
    const marked = [counter, forks, pool] as const;
    return () => {
      [counter, forks, pool] = marked;
    };
  };
  return Object.assign(take, {
    seeded: { fork: () => seededRandom(`${seed}/${forks++}`), mark },
  });
}
