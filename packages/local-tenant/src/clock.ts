import { UserError } from "./lib/errors.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Later dates have more digits, which certificates and many parsers of dates do not take. */
const END = Date.UTC(9000, 0);

/**
 * The tenant's time of day: sessions, codes, tokens, caches and limits end by it, and Actions see it. It goes
 * as fast as the machine's clock, and runs ahead of it by what it was advanced. TLS stays on the machine's.
 */
export class Clock {
  readonly #machine: () => number;
  #ahead: number;

  constructor(machine: () => number = Date.now, ahead = 0) {
    this.#machine = machine;
    this.#ahead = ahead;
  }

  /** Milliseconds by which it runs ahead. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Milliseconds since the epoch. */
  readonly milliseconds = (): number => this.#machine() + this.#ahead;

  now(): Date {
    return new Date(this.milliseconds());
  }

  /**
   * Moves the clock forward, at once.
   * @param duration A number of milliseconds, or text of a number and a unit: `"250ms"`, `"90s"`, `"15m"`,
   * `"12h"`, `"30d"`.
   * @throws {UserError} for anything else, and for a negative one: what has expired cannot come back.
   */
  advance(duration: string | number): void {
    const forward = millisecondsOf(duration);
    if (this.milliseconds() + forward > END) {
      throw new UserError(`The clock cannot be advanced by ${shown(duration)}: it ends with the year 8999.`);
    }
    this.#ahead += forward;
  }

  /** Puts the clock where it was when it ran ahead by so many milliseconds; for a tenant that is reset. */
  restore(ahead: number): void {
    this.#ahead = ahead;
  }

  /** A clock that shows the same time and is moved on its own. */
  fork(): Clock {
    return new Clock(this.#machine, this.#ahead);
  }
}

function millisecondsOf(duration: string | number): number {
  const text = typeof duration === "number" ? `${duration}ms` : duration;
  const [, amount, unit = ""] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new UserError(
      `The duration ${shown(duration)} is malformed. Write a number and one of the units ms, s, m, h and d, ` +
        'such as "30d" or "15m", or a number of milliseconds.',
    );
  }
  const milliseconds = Math.round(Number(amount) * (UNITS[unit] ?? Number.NaN));
  if (milliseconds >= 0) return milliseconds;
  throw new UserError(
    `The clock cannot be advanced by ${shown(duration)}: it only goes forward. Use reset() to go back.`,
  );
}

function shown(duration: unknown): string {
  return typeof duration === "string" ? JSON.stringify(duration) : String(duration);
}
