import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
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
export function authenticationRoutes(app: FastifyInstance): void {
  documents(app);
  notBuiltRoutes(app);
  const page = { errorHandler: refuseWithPage };
  app.get("/authorize", page, (request, reply) => authorize(request.tenant, request, reply));
  app.post("/authorize", page, (request, reply) => authorize(request.tenant, request, reply));
  app.get("/v2/logout", page, (request, reply) => orRefuse(request.tenant, request, reply, logoutV2));
  app.get("/oidc/logout", page, (request, reply) => orRefuse(request.tenant, request, reply, logoutOidc));
  app.post("/oidc/logout", page, (request, reply) => orRefuse(request.tenant, request, reply, logoutOidc));
  const shared = {
    errorHandler: refuseWithOAuthError,
    onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      allowOrigin(request.tenant, request, reply);
      done();
    },
  };
  app.post("/oauth/token", shared, (request, reply) => token(request.tenant, request, reply));
  app.post("/oauth/revoke", shared, (request, reply) => revoke(request.tenant, request, reply));
  app.get("/userinfo", shared, (request, reply) => userinfo(request.tenant, request, reply));
  app.post("/userinfo", shared, (request, reply) => userinfo(request.tenant, request, reply));
  app.options("/oauth/token", async (request, reply) => preflight(request.tenant, request, reply, "POST"));
  app.options("/oauth/revoke", async (request, reply) => preflight(request.tenant, request, reply, "POST"));
  app.options("/userinfo", async (request, reply) => preflight(request.tenant, request, reply, "GET, POST"));
}

/** Public documents: any page may read them, and they may be kept for a while. */
function documents(app: FastifyInstance): void {
  app.get("/.well-known/openid-configuration", async (request, reply) => {
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "public, max-age=15")
      .send(discovery(request.tenant));
  });
  app.get("/.well-known/jwks.json", async (request, reply) => {
    // On a full disk no key can be added, and those that are there are still good.
    await request.tenant.keys.ensureAll().catch(() => undefined);
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "public, max-age=15")
      .send(request.tenant.keys.jwks());
  });
}
