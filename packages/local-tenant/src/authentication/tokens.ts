import { createHash } from "node:crypto";
import { SignJWT } from "jose";
import type { JWTPayload } from "jose";
import type { TenantContext } from "../context.ts";
import type { ClientEntity, UserEntity } from "../store/entities.ts";
import type { Grant } from "../sessions/grant.ts";
import { shownText } from "../store/own-address.ts";
import { findApi, permissionsOf } from "../post-login/granted-scopes.ts";

/** Seconds; production's defaults. */
const ACCESS_TOKEN_SECONDS = 86_400;
const ID_TOKEN_SECONDS = 36_000;

/** The successful answer of `/oauth/token`. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly expires_in: number;
  readonly token_type: "Bearer";
}

/**
 * Signs the tokens of a person's grant. `family` is that of the code they came from, so that they can be
 * taken back with it.
 */
export async function issueTokens(
  context: TenantContext,
  client: ClientEntity,
  user: UserEntity,
  grant: Grant,
  family: string,
  refreshToken?: string,
): Promise<TokenAnswer> {
  const sign: Sign = (claims) => context.keys.sign(claims);
  const { access, id } = await makeTokens(context, client, user, grant, sign);
  context.signIns.accessTokens.set(tokenHash(access.token), { grant, family }, access.seconds * 1000);
  return {
    access_token: access.token,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(id === undefined ? {} : { id_token: id }),
    scope: grant.scope.join(" "),
    expires_in: access.seconds,
    token_type: "Bearer",
  };
}

/** Makes a compact JWT of claims. */
export type Sign = (claims: JWTPayload) => string | Promise<string>;

/**
 * The tokens of a grant, made with `sign`; they are not kept. There is an ID token only for the scope
 * `openid`.
 */
export async function makeTokens(
  context: TenantContext,
  client: ClientEntity,
  user: UserEntity,
  grant: Grant,
  sign: Sign,
): Promise<{ access: { token: string; seconds: number }; id?: string }> {
  const access = await accessToken(context, user, grant, sign);
  if (!grant.scope.includes("openid")) return { access };
  return { access, id: await idToken(context, client, user, grant, access.token, sign) };
}

/** The form in which access tokens are kept: as digests, because they never have to be read back. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/**
 * A JWT for an API, an opaque string where the token is only for /userinfo (docs
 * secure/tokens/access-tokens).
 */
async function accessToken(
  context: TenantContext,
  user: UserEntity,
  grant: Grant,
  sign: Sign,
): Promise<{ token: string; seconds: number }> {
  const api = findApi(context, grant.audience);
  if (api === undefined) return { token: context.ids.secret(32), seconds: ACCESS_TOKEN_SECONDS };
  const seconds = typeof api["token_lifetime"] === "number" ? api["token_lifetime"] : ACCESS_TOKEN_SECONDS;
  const withUserinfo = grant.scope.includes("openid");
  const dialect = api["token_dialect"];
  const identifier = shownText(context, api.identifier);
  const token = await sign({
    ...grant.accessTokenClaims,
    iss: context.issuer,
    sub: grant.userId,
    aud: withUserinfo ? [identifier, `${context.issuer}userinfo`] : identifier,
    ...times(context, seconds),
    ...(grant.scope.length === 0 ? {} : { scope: grant.scope.join(" ") }),
    jti: context.ids.alphanumeric(22),
    azp: grant.clientId,
    ...(api["enforce_policies"] === true && String(dialect).endsWith("_authz")
      ? { permissions: [...permissionsOf(context, api, user)].sort() }
      : {}),
  });
  return { token, seconds };
}

async function idToken(
  context: TenantContext,
  client: ClientEntity,
  user: UserEntity,
  grant: Grant,
  access: string,
  sign: Sign,
): Promise<string> {
  // SAFETY: the Management API checks the shape of jwt_configuration before it is stored.
  const configuration = client["jwt_configuration"] as
    { lifetime_in_seconds?: number; alg?: string } | undefined;
  // Not `{ ...one, ...other }`, which takes V8 ten times as long for as many claims.
  const claims: JWTPayload = Object.assign(profileClaims(user, grant.scope), grant.idTokenClaims, {
    iss: context.issuer,
    aud: client.client_id,
    sub: user.user_id,
    ...times(context, configuration?.lifetime_in_seconds ?? ID_TOKEN_SECONDS),
    auth_time: Math.floor(grant.authenticatedAt / 1000),
    at_hash: createHash("sha256").update(access).digest().subarray(0, 16).toString("base64url"),
    azp: client.client_id,
    sid: grant.sessionId,
    ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
  });
  if (configuration?.alg === "HS256" && client.client_secret !== undefined) {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .sign(new TextEncoder().encode(client.client_secret));
  }
  return sign(claims);
}

const PROFILE_CLAIMS = [
  "name",
  "nickname",
  "given_name",
  "family_name",
  "middle_name",
  "preferred_username",
  "picture",
  "profile",
  "website",
  "gender",
  "birthdate",
  "zoneinfo",
  "locale",
  "updated_at",
];

/**
 * The standard claims that scopes stand for (OpenID Connect Core section 5.4), as far as the profile has
 * them.
 */
export function profileClaims(user: UserEntity, scope: readonly string[]): Record<string, unknown> {
  const names = [
    ...(scope.includes("profile") ? PROFILE_CLAIMS : []),
    ...(scope.includes("email") ? ["email", "email_verified"] : []),
    ...(scope.includes("phone") ? ["phone_number", "phone_number_verified"] : []),
    ...(scope.includes("address") ? ["address"] : []),
  ];
  const claims: Record<string, unknown> = {};
  for (const name of names) {
    const value = user[name];
    if (value !== undefined && value !== null) claims[name] = value;
  }
  return claims;
}

/** `iat` and `exp` of a token made now. */
export function times(context: TenantContext, seconds: number): { iat: number; exp: number } {
  const iat = Math.floor(context.now() / 1000);
  return { iat, exp: iat + seconds };
}
