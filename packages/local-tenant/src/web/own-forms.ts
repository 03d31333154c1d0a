import type { FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";

/**
 * Refuses a form that a page of another site sent. Browsers name the page's origin with every form; our own
 * pages have no referrer, for which some send `null`, and the form's `state` vouches for those.
 * @throws {OAuthError} 403 `invalid_request`.
 */
export function refuseForeignForms(context: TenantContext, request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin === undefined || origin === "null") return;
  const port = context.domain.split(":")[1];
  const own = ["localhost", "127.0.0.1", "[::1]"].some((name) => origin === `https://${name}:${port}`);
  if (!own) throw new OAuthError("invalid_request", "The form was sent from another site.", 403);
}
