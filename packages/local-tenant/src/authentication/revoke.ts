import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { OAuthError } from "../lib/errors.ts";
import { parametersOf } from "../web/parameters.ts";
import { authenticateClient } from "./client-authentication.ts";
import { revokeFamily } from "../sessions/codes.ts";

/**
 * `POST /oauth/revoke` (RFC 7009; docs api/authentication/revoke-refresh-token): ends a refresh token and its
 * family.
 */
export async function revoke(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { values } = parametersOf(request.body);
  const { client } = await authenticateClient(context, request.headers.authorization, values);
  request.clientId = client.client_id;
  const token = values["token"];
  if (token === undefined) throw new OAuthError("invalid_request", "Missing required parameter: token");
  const held = context.signIns.refreshTokens.get(token);
  if (held?.grant.clientId === client.client_id) revokeFamily(context, held.family);
  return reply.code(200).header("cache-control", "no-store").send();
}
