import { createHash } from "node:crypto";
import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { revokeFamily } from "../sessions/codes.ts";
import type { CodeGrant } from "../sessions/code-grant.ts";
import { startFamily } from "../sessions/refresh-tokens.ts";
import type { TokenRequest } from "./token-request.ts";
import { issueTokens } from "./tokens.ts";
import type { TokenAnswer } from "./tokens.ts";

/**
 * `grant_type=authorization_code` (RFC 6749 section 4.1.3, RFC 7636 section 4.5). A code that comes twice
 * takes back what it gave.
 * @throws {OAuthError} `invalid_grant` for a code that is unknown, expired, used, or another client's, or a
 * wrong verifier.
 */
export async function exchangeCode(context: TenantContext, request: TokenRequest): Promise<TokenAnswer> {
  const { values, client } = request;
  const code = values["code"];
  if (code === undefined) throw new OAuthError("invalid_request", "Missing required parameter: code");
  const held = context.signIns.codes.get(code);
  if (held === undefined || held.grant.clientId !== client.client_id) throw invalidCode();
  if (held.used) {
    context.signIns.codes.change(code, (known) => ({ ...known, replayed: true }));
    revokeFamily(context, held.family);
    throw invalidCode();
  }
  checkRedirect(held, values["redirect_uri"]);
  checkVerifier(held, values["code_verifier"], request.proof === "none");
  const user = context.store.tables.users.get(held.grant.userId);
  if (user === undefined || user.blocked === true) throw invalidCode();
  // Kept until it expires, so that a replay is known as one.
  context.signIns.codes.change(code, (known) => ({ ...known, used: true }));
  const withRefresh = held.grant.scope.includes("offline_access");
  const refreshToken = withRefresh
    ? startFamily(context, client, held.grant, held.family, held.refreshToken)
    : undefined;
  const answer = await issueTokens(context, client, user, held.grant, held.family, refreshToken);
  if (context.signIns.codes.get(code)?.replayed !== true) return answer;
  // The replay came while the tokens were signed.
  revokeFamily(context, held.family);
  throw invalidCode();
}

function invalidCode(): OAuthError {
  return new OAuthError("invalid_grant", "Invalid authorization code", 403);
}

/**
 * It must be the one that `/authorize` was given, or absent where that was given none (RFC 6749 section
 * 4.1.3).
 */
function checkRedirect(held: CodeGrant, sent: string | undefined): void {
  if (sent === held.redirectUri) return;
  throw new OAuthError(
    "unauthorized_client",
    `The redirect URI is wrong. You sent ${sent ?? "undefined"}, and we expected ${held.redirectUri ?? "undefined"}`,
    403,
  );
}

function checkVerifier(held: CodeGrant, verifier: string | undefined, isPublic: boolean): void {
  if (held.codeChallenge === undefined) {
    // A public client proves nothing but the verifier.
    if (isPublic) throw new OAuthError("access_denied", "Unauthorized", 401);
    if (verifier !== undefined) throw wrongVerifier();
    return;
  }
  if (verifier === undefined) {
    throw new OAuthError("invalid_request", "Parameter 'code_verifier' is required");
  }
  const challenge =
    held.codeChallengeMethod === "S256"
      ? createHash("sha256").update(verifier).digest("base64url")
      : verifier;
  if (challenge !== held.codeChallenge) throw wrongVerifier();
}

function wrongVerifier(): OAuthError {
  return new OAuthError("invalid_grant", "Failed to verify code verifier", 403);
}
