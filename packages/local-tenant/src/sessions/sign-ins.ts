import type { CodeGrant } from "./code-grant.ts";
import type { AccessTokenRecord, RefreshTokenRecord } from "./grant.ts";
import type { DirectorySession, DirectorySessions } from "./directory-session.ts";
import { Expiring } from "./expiring.ts";
import type { ExpiringSnapshot } from "./expiring.ts";
import { Sessions } from "./sessions.ts";
import type { Session } from "./sessions.ts";
import { textBytes } from "./text-bytes.ts";
import { Traces } from "./traces.ts";
import type { Trace } from "./traces.ts";
import type { Transaction } from "./transaction.ts";

/**
 * How much each kind may take; in bytes, and thousands of a usual size. Anybody can begin a sign-in without
 * being anybody, with a `state` of nearly a megabyte; and Actions set claims and metadata of any size.
 */
const LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * Everything about people who sign in, at one moment. It costs nothing: what is not changed later is shared.
 */
export interface SignInsSnapshot {
  readonly transactions: ExpiringSnapshot<Transaction>;
  readonly sessions: ExpiringSnapshot<Session>;
  readonly directorySessions: ExpiringSnapshot<DirectorySession>;
  readonly codes: ExpiringSnapshot<CodeGrant>;
  readonly refreshTokens: ExpiringSnapshot<RefreshTokenRecord>;
  readonly accessTokens: ExpiringSnapshot<AccessTokenRecord>;
  readonly assertions: ExpiringSnapshot<true>;
  readonly traces: ExpiringSnapshot<Trace>;
}

/**
 * Everything about people who sign in or are signed in. It is kept only in memory: a restart of the tenant
 * ends sessions and refresh tokens, not the tenant's configuration, users or keys.
 */
export class SignIns {
  /** Sign-ins under way, by the `state` of their page. */
  readonly transactions: Expiring<Transaction>;
  readonly sessions: Sessions;
  /** What the emulated Azure AD remembers about browsers. */
  readonly directorySessions: DirectorySessions;
  /** Authorization codes, by the code. */
  readonly codes: Expiring<CodeGrant>;
  /** Refresh tokens, by the token. */
  readonly refreshTokens: Expiring<RefreshTokenRecord>;
  /** Access tokens of users, by the SHA-256 of the token. */
  readonly accessTokens: Expiring<AccessTokenRecord>;
  /** `jti` of client assertions that were seen: each may be used once. */
  readonly assertions: Expiring<true>;
  readonly traces = new Traces();
  readonly #limit: number;

  /** `limit` is how many sessions, codes and sign-ins under way are kept, and of tokens twice as many. */
  constructor(now: () => number, limit = 1000) {
    this.#limit = limit;
    const byteLimit = {
      bytes: LIMIT_BYTES,
      sizeOf: (value: unknown, key: string) => textBytes(key) + textBytes(value),
    };
    this.transactions = new Expiring<Transaction>(now, limit, { byteLimit });
    this.sessions = new Sessions(now, limit, byteLimit);
    this.directorySessions = new Expiring<DirectorySession>(now, limit, { byteLimit });
    this.codes = new Expiring<CodeGrant>(now, limit, { byteLimit });
    this.refreshTokens = new Expiring<RefreshTokenRecord>(now, limit * 2, { byteLimit });
    this.accessTokens = new Expiring<AccessTokenRecord>(now, limit * 2, { byteLimit });
    this.assertions = new Expiring<true>(now, limit * 10, { byteLimit });
  }

  /** How many entries of all kinds this object shares with no copy of it. */
  get ownSize(): number {
    const { transactions, sessions, directorySessions, codes } = this;
    const { refreshTokens, accessTokens, assertions, traces } = this;
    const parts = [transactions, sessions, directorySessions, codes, refreshTokens, accessTokens, assertions];
    return [...parts, traces].reduce((sum, { ownSize }) => sum + ownSize, 0);
  }

  /**
   * The same sign-ins, by another clock. What happens in either of the two later is not seen by the other;
   * until then they share everything, so that a fork takes no memory for it.
   */
  fork(now: () => number): SignIns {
    const fork = new SignIns(now, this.#limit);
    fork.reset(this.snapshot());
    return fork;
  }

  /** Everything as it is now, to go back to later. */
  snapshot(): SignInsSnapshot {
    return {
      transactions: this.transactions.snapshot(),
      sessions: this.sessions.snapshot(),
      directorySessions: this.directorySessions.snapshot(),
      codes: this.codes.snapshot(),
      refreshTokens: this.refreshTokens.snapshot(),
      accessTokens: this.accessTokens.snapshot(),
      assertions: this.assertions.snapshot(),
      traces: this.traces.snapshot(),
    };
  }

  /** Goes back to what there was when the snapshot was taken, of this object or of another. */
  reset(snapshot: SignInsSnapshot): void {
    this.transactions.reset(snapshot.transactions);
    this.sessions.reset(snapshot.sessions);
    this.directorySessions.reset(snapshot.directorySessions);
    this.codes.reset(snapshot.codes);
    this.refreshTokens.reset(snapshot.refreshTokens);
    this.accessTokens.reset(snapshot.accessTokens);
    this.assertions.reset(snapshot.assertions);
    this.traces.reset(snapshot.traces);
  }
}
