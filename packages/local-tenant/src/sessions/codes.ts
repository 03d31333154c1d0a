import type { SessionChanges } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import type { AuthorizeRequest } from "./transaction.ts";
import type { Grant } from "./grant.ts";

/** How long a code can be exchanged. */
const CODE_MS = 10 * 60 * 1000;

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
      family: context.ids.uuid(),
      used: false,
      replayed: false,
    },
    CODE_MS,
  );
  return code;
}

/** Takes back every token of a family: all that came from one code. */
export function revokeFamily(context: TenantContext, family: string): void {
  context.signIns.accessTokens.deleteWhere((record) => record.family === family);
  context.signIns.refreshTokens.deleteWhere((record) => record.family === family);
}
