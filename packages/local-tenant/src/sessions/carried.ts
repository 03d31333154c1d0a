import type { TransactionValue } from "../actions/types.ts";

/** What the part of a flow before a redirect asked for. It has the same effect as without the redirect. */
export interface Carried {
  readonly idTokenClaims: Readonly<Record<string, unknown>>;
  readonly accessTokenClaims: Readonly<Record<string, unknown>>;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly appMetadata: Readonly<Record<string, unknown>>;
  readonly userMetadata: Readonly<Record<string, unknown>>;
  readonly transactionMetadata: Readonly<Record<string, TransactionValue>>;
}
