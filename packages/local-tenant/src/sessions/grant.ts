/** What a person's sign-in gave to one application: what tokens are made of. */
export interface Grant {
  readonly clientId: string;
  readonly userId: string;
  readonly connectionId: string;
  /** The `sid` claim. */
  readonly sessionId: string;
  readonly scope: readonly string[];
  /** Identifier of the API that the access token is for; absent where the token is only for /userinfo. */
  readonly audience?: string;
  /** Milliseconds since the epoch: when the person proved who they are. */
  readonly authenticatedAt: number;
  readonly method: "federated" | "pwd";
  readonly nonce?: string;
  readonly idTokenClaims: Readonly<Record<string, unknown>>;
  readonly accessTokenClaims: Readonly<Record<string, unknown>>;
}

/** What /userinfo knows of an access token. */
export interface AccessTokenRecord {
  readonly grant: Grant;
  /** The family of tokens it belongs to: all that came from one authorization code. */
  readonly family: string;
}

/** A refresh token; all that descend from one sign-in are one family. */
export interface RefreshTokenRecord {
  readonly grant: Grant;
  readonly family: string;
  /** Milliseconds since the epoch: when this very token was made. */
  readonly createdAt: number;
  /**
   * Milliseconds since the epoch; absent where refresh tokens of the client never end. Actions may bring both
   * ends nearer.
   */
  readonly expiresAt?: number;
  readonly idleExpiresAt?: number;
  /** Kept for Actions, which read and write it. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Set when it was exchanged for a new one, in milliseconds since the epoch. */
  readonly rotatedAt?: number;
}
