import { Expiring } from "./expiring.ts";
import type { ByteLimit, ExpiringSnapshot } from "./expiring.ts";

/** A person who is signed in to the tenant in one browser. */
export interface Session {
  /** Public id: the `sid` claim. */
  readonly id: string;
  readonly userId: string;
  readonly connectionId: string;
  /** Milliseconds since the epoch, of the last time the person proved who they are. */
  readonly authenticatedAt: number;
  readonly createdAt: number;
  /** Milliseconds since the epoch; Actions may bring both ends nearer. */
  readonly expiresAt: number;
  readonly idleExpiresAt?: number;
  /** Kept for Actions, which read and write it. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** URLs of the methods that Actions recorded (`api.authentication.recordMethod`). */
  readonly recordedMethods?: readonly string[];
  /** `federated` for a directory, `pwd` for a password. */
  readonly method: "federated" | "pwd";
  /** Applications that were signed in to with it. */
  readonly clients: ReadonlySet<string>;
}

const HOUR = 3_600_000;

/** The tenant's settings, of which `session_lifetime` and `idle_session_lifetime` count here, in hours. */
export type SessionLifetimes = Readonly<Record<string, unknown>>;

/** Sessions by the secret in the browser's cookie. */
export class Sessions {
  readonly #now: () => number;
  readonly #byHandle: Expiring<Session>;

  constructor(now: () => number, limit: number, byteLimit?: ByteLimit<Session>) {
    this.#now = now;
    const indexedBy = { id: ({ id }: Session) => [id] };
    this.#byHandle = new Expiring(now, limit, { indexedBy, ...(byteLimit !== undefined && { byteLimit }) });
  }

  /** How many sessions this object shares with no copy of it. */
  get ownSize(): number {
    return this.#byHandle.ownSize;
  }

  snapshot(): ExpiringSnapshot<Session> {
    return this.#byHandle.snapshot();
  }

  reset(snapshot: ExpiringSnapshot<Session>): void {
    this.#byHandle.reset(snapshot);
  }

  get size(): number {
    return this.#byHandle.size;
  }

  /** Makes a session with its ends set; `keep` makes it findable. */
  begin(session: Omit<Session, "expiresAt">, lifetimes: SessionLifetimes): Session {
    return { ...session, expiresAt: this.#now() + hours(lifetimes["session_lifetime"], 168) * HOUR };
  }

  /** The session of a cookie. This call counts as use and moves the session's idle end. */
  use(handle: string | undefined, lifetimes: SessionLifetimes): Session | undefined {
    const session = handle === undefined ? undefined : this.#byHandle.get(handle);
    if (handle === undefined || session === undefined) return undefined;
    if (Math.min(session.expiresAt, session.idleExpiresAt ?? Infinity) <= this.#now()) {
      this.#byHandle.delete(handle);
      return undefined;
    }
    const used: { -readonly [Key in keyof Session]: Session[Key] } = { ...session };
    delete used.idleExpiresAt;
    this.keep(handle, used, lifetimes);
    return used;
  }

  /** Changes a session that is still kept; `id` is its public one. */
  change(id: string, changed: (session: Session) => Session): void {
    for (const handle of this.#byHandle.keysBy("id", id)) this.#byHandle.change(handle, changed);
  }

  end(handle: string | undefined): Session | undefined {
    return handle === undefined ? undefined : this.#byHandle.take(handle);
  }

  /** Ends every session that passes the test. */
  endWhere(test: (session: Session) => boolean): void {
    this.#byHandle.deleteWhere(test);
  }

  /** Puts a session behind the secret of a cookie; its idle end is counted from now. */
  keep(handle: string, session: Session, lifetimes: SessionLifetimes): void {
    const idle = hours(lifetimes["idle_session_lifetime"], 72) * HOUR;
    this.#byHandle.set(handle, session, Math.min(idle, session.expiresAt - this.#now()));
  }
}

function hours(value: unknown, otherwise: number): number {
  return typeof value === "number" && value > 0 ? value : otherwise;
}
