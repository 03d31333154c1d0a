import type { FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { ManagementError } from "../lib/errors.ts";

/** Who calls, as the access token says. */
export interface Caller {
  readonly clientId: string | undefined;
  /** Whom the token is about: a user, or a client as `ID@clients`. */
  readonly subject: string | undefined;
  readonly scopes: ReadonlySet<string>;
}

/**
 * Reads the caller from the `Authorization` header.
 * @throws {ManagementError} 401 "Missing authentication" without a bearer token, "Invalid token" with one
 * that this tenant did not issue for its Management API, "Expired token received for JSON Web Token
 * validation" with one that is too old.
 */
export async function authenticate(request: FastifyRequest, tenant: TenantContext): Promise<Caller> {
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new ManagementError(401, "Missing authentication");
  try {
    const claims = await tenant.keys.verify(token, {
      issuer: tenant.issuer,
      audience: [...tenant.managementAudiences],
    });
    const clientId = typeof claims["azp"] === "string" ? claims["azp"] : claims.sub?.replace(/@clients$/, "");
    const scope = typeof claims["scope"] === "string" ? claims["scope"] : "";
    return { clientId, subject: claims.sub, scopes: new Set(scope.split(" ").filter((name) => name !== "")) };
  } catch (error) {
    const expired = error instanceof Error && "code" in error && error.code === "ERR_JWT_EXPIRED";
    throw new ManagementError(
      401,
      expired ? "Expired token received for JSON Web Token validation" : "Invalid token",
      "invalid_token",
    );
  }
}

/**
 * @param userId The user that the call is about. A scope for the `current_user` counts only for the caller's
 * own user.
 * @throws {ManagementError} 403 `insufficient_scope` when the caller has none of the scopes.
 */
export function requireScope(caller: Caller, anyOf: readonly string[], userId?: string): void {
  const counts = (scope: string) =>
    caller.scopes.has(scope) && (!scope.includes(":current_user") || caller.subject === userId);
  if (anyOf.length === 0 || anyOf.some(counts)) return;
  throw insufficientScope(anyOf);
}

/** What answers a caller who has none of the scopes: 403 `insufficient_scope`. */
export function insufficientScope(anyOf: readonly string[]): ManagementError {
  return new ManagementError(
    403,
    `Insufficient scope, expected any of: ${anyOf.join(",")}`,
    "insufficient_scope",
  );
}
