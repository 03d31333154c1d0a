import type { CodeGrant } from "./code-grant.ts";
import type { AccessTokenRecord, RefreshTokenRecord } from "./grant.ts";
import type { DirectorySession, DirectorySessions } from "./directory-session.ts";
import { Expiring } from "./expiring.ts";
import { Sessions } from "./sessions.ts";
import { textBytes } from "./text-bytes.ts";
import { Traces } from "./traces.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Anybody can begin a sign-in without being anybody, with a `state` of nearly a megabyte; in bytes, and some
 * 16,000 sign-ins of a usual size.
 */
const TRANSACTION_BYTES = 32 * 1024 * 1024;

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

  /** `limit` is how many sessions, codes and sign-ins under way are kept, and of tokens twice as many. */
  constructor(now: () => number, limit = 1000) {
    this.transactions = new Expiring<Transaction>(now, limit, {
      bytes: TRANSACTION_BYTES,
      sizeOf: textBytes,
    });
    this.sessions = new Sessions(now, limit);
    this.directorySessions = new Expiring<DirectorySession>(now, limit);
    this.codes = new Expiring(now, limit);
    this.refreshTokens = new Expiring(now, limit * 2);
    this.accessTokens = new Expiring(now, limit * 2);
    this.assertions = new Expiring(now, limit * 10);
  }
}
