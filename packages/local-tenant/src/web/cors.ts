import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";

/**
 * Lets pages of a registered origin read an answer: one that any application lists under `web_origins`,
 * `allowed_origins` or as the origin of a callback, as production does.
 */
export function allowOrigin(context: TenantContext, request: FastifyRequest, reply: FastifyReply): void {
  reply.header("vary", "Origin");
  const origin = request.headers.origin;
  // `null` is what sandboxed pages send, and also what a callback with a scheme of its own has for an origin.
  if (origin === undefined || origin === "null" || !isRegistered(context, origin)) return;
  reply.header("access-control-allow-origin", origin);
  reply.header("access-control-allow-credentials", "true");
}

/** Answers a preflight request. */
export function preflight(
  context: TenantContext,
  request: FastifyRequest,
  reply: FastifyReply,
  methods: string,
): FastifyReply {
  allowOrigin(context, request, reply);
  if (reply.hasHeader("access-control-allow-origin")) {
    reply.header("access-control-allow-methods", methods);
    reply.header("access-control-allow-headers", "Authorization, Content-Type, Auth0-Client");
    reply.header("access-control-max-age", "3600");
  }
  return reply.code(204).send();
}

function isRegistered(context: TenantContext, origin: string): boolean {
  return context.store.tables.clients.by("origin", origin).length > 0;
}
