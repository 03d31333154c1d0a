import type { SessionChanges } from "../actions/types.ts";
import type { Grant } from "./grant.ts";

/** An authorization code: what it stands for, and whether it was exchanged. */
export interface CodeGrant {
  readonly grant: Grant;
  /** What Actions asked for about the refresh token that the code may give. */
  readonly refreshToken: SessionChanges;
  /** As it was given to `/authorize`; absent where the client's first callback was meant. */
  readonly redirectUri?: string;
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: "S256" | "plain";
  /** The family of the tokens that come from the code, so that a replay can take them back. */
  readonly family: string;
  readonly used: boolean;
  /** Set when the code came a second time: the tokens that it gave, or is about to give, are revoked. */
  readonly replayed: boolean;
}
