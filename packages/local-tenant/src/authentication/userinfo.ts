import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { profileClaims, tokenHash } from "./tokens.ts";

/**
 * `/userinfo` (OpenID Connect Core section 5.3): the claims of the token's scopes and the custom claims of
 * its ID token. An access token of another tenant or audience, a revoked one, and one without `openid` are
 * refused.
 */
export async function userinfo(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  const bearer = bearerOf(request);
  if (bearer === undefined) {
    return reply
      .code(401)
      .header("www-authenticate", 'Bearer realm="Users"')
      .type("text/plain")
      .send("Unauthorized");
  }
  const record = context.signIns.accessTokens.get(tokenHash(bearer));
  const user = record && context.store.tables.users.get(record.grant.userId);
  if (record === undefined || user === undefined) {
    return reply
      .code(401)
      .header(
        "www-authenticate",
        'Bearer realm="Users", error="invalid_token", error_description="Invalid token"',
      )
      .type("text/plain")
      .send("Unauthorized");
  }
  request.clientId = record.grant.clientId;
  const { scope, idTokenClaims } = record.grant;
  if (!scope.includes("openid")) {
    return reply
      .code(403)
      .header("www-authenticate", 'Bearer realm="Users", error="insufficient_scope", scope="openid"')
      .send({ error: "insufficient_scope", error_description: "The token lacks the scope openid." });
  }
  return reply.send({ ...profileClaims(user, scope), ...idTokenClaims, sub: user.user_id });
}

/**
 * The token of the header, of a form or of the query (RFC 6750 section 2); with two of them, none is
 * returned, so the request is refused.
 */
function bearerOf(request: FastifyRequest): string | undefined {
  const [, header] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const given = [header, tokenIn(request.body), tokenIn(request.query)].filter(
    (token) => token !== undefined,
  );
  const [token] = given;
  return given.length === 1 && typeof token === "string" ? token : undefined;
}

function tokenIn(parameters: unknown): unknown {
  if (typeof parameters !== "object" || parameters === null) return undefined;
  return "access_token" in parameters ? parameters.access_token : undefined;
}
