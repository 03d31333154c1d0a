import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../context.ts";
import { continueSignIn } from "./continue.ts";
import { refuseWithPage } from "../web/refusals.ts";
import { showSignInPage, submitSignInPage } from "./sign-in-page.ts";

/** Adds the sign-in pages, and `/continue` for Actions that sent the browser away, to the tenant's server. */
export function loginRoutes(app: FastifyInstance, context: TenantContext): void {
  const page = { errorHandler: refuseWithPage };
  app.get("/u/login", page, (request, reply) => showSignInPage(context, request, reply));
  app.post("/u/login", page, (request, reply) => submitSignInPage(context, request, reply));
  app.get("/continue", page, (request, reply) => continueSignIn(context, request, reply));
  app.post("/continue", page, (request, reply) => continueSignIn(context, request, reply));
}
