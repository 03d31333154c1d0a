import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../context.ts";
import { refuseWithOAuthError, refuseWithPage } from "../web/refusals.ts";
import { authorize } from "./authorize.ts";
import { allowOrigin, preflight } from "../web/cors.ts";
import { discovery } from "./discovery.ts";
import { logoutOidc, logoutV2, orRefuse } from "./logout.ts";
import { notBuiltRoutes } from "./not-built.ts";
import { revoke } from "./revoke.ts";
import { token } from "./token.ts";
import { userinfo } from "./userinfo.ts";

/** Adds the OAuth 2 and OpenID Connect endpoints to the tenant's server. */
export function authenticationRoutes(app: FastifyInstance, context: TenantContext): void {
  documents(app, context);
  notBuiltRoutes(app, context);
  const page = { errorHandler: refuseWithPage };
  app.get("/authorize", page, (request, reply) => authorize(context, request, reply));
  app.post("/authorize", page, (request, reply) => authorize(context, request, reply));
  app.get("/v2/logout", page, (request, reply) => orRefuse(context, request, reply, logoutV2));
  app.get("/oidc/logout", page, (request, reply) => orRefuse(context, request, reply, logoutOidc));
  app.post("/oidc/logout", page, (request, reply) => orRefuse(context, request, reply, logoutOidc));
  const shared = {
    errorHandler: refuseWithOAuthError,
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => allowOrigin(context, request, reply),
  };
  app.post("/oauth/token", shared, (request, reply) => token(context, request, reply));
  app.post("/oauth/revoke", shared, (request, reply) => revoke(context, request, reply));
  app.get("/userinfo", shared, (request, reply) => userinfo(context, request, reply));
  app.post("/userinfo", shared, (request, reply) => userinfo(context, request, reply));
  app.options("/oauth/token", async (request, reply) => preflight(context, request, reply, "POST"));
  app.options("/oauth/revoke", async (request, reply) => preflight(context, request, reply, "POST"));
  app.options("/userinfo", async (request, reply) => preflight(context, request, reply, "GET, POST"));
}

/** Public documents: any page may read them, and they may be kept for a while. */
function documents(app: FastifyInstance, context: TenantContext): void {
  app.get("/.well-known/openid-configuration", async (_request, reply) => {
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "public, max-age=15")
      .send(discovery(context));
  });
  app.get("/.well-known/jwks.json", async (_request, reply) => {
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "public, max-age=15")
      .send(context.keys.jwks());
  });
}
