import type { SessionChanges } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import type { AuthorizeRequest } from "../login/transactions.ts";
import type { Grant } from "./grant.ts";

/** How long a code can be exchanged. */
const CODE_MS = 10 * 60 * 1000;

/** An authorization code: what it stands for, and whether it was exchanged. */
export interface CodeGrant {
  readonly grant: Grant;
  /** What Actions asked for about the refresh token that the code may give. */
  readonly refreshToken: SessionChanges;
  /** As it was given to `/authorize`; absent where the client's first callback was meant. */
  readonly redirectUri?: string;
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: "S256" | "plain";
  /** Names what came from the code, so that a replay can take it back. */
  readonly origin: string;
  used: boolean;
  /** It came a second time: what it gave, or is about to give, is taken back. */
  replayed: boolean;
}

/** Makes a code for a sign-in that is complete. */
export function issueCode(
  context: TenantContext,
  request: AuthorizeRequest,
  grant: Grant,
  refreshToken: SessionChanges,
): string {
  const code = context.ids.secret(32);
  const { codeChallenge, codeChallengeMethod, parameters } = request;
  context.signIns.codes.set(
    code,
    {
      grant,
      refreshToken,
      ...(parameters["redirect_uri"] === undefined ? {} : { redirectUri: request.redirectUri }),
      ...(codeChallenge === undefined ? {} : { codeChallenge }),
      ...(codeChallengeMethod === undefined ? {} : { codeChallengeMethod }),
      origin: context.ids.uuid(),
      used: false,
      replayed: false,
    },
    CODE_MS,
  );
  return code;
}

/** Takes back every token that came from a code or a refresh token family. */
export function revokeOrigin(context: TenantContext, origin: string): void {
  context.signIns.accessTokens.deleteWhere((record) => record.origin === origin);
  context.signIns.refreshTokens.deleteWhere((record) => record.family === origin);
}
