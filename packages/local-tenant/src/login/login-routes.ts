import type { FastifyInstance } from "fastify";
import { continueSignIn } from "./continue.ts";
import { refuseWithPage } from "../web/refusals.ts";
import { showSignInPage, submitSignInPage } from "./sign-in-page.ts";

/** Adds the sign-in pages, and `/continue` for Actions that sent the browser away, to the tenant's server. */
export function loginRoutes(app: FastifyInstance): void {
  const page = { errorHandler: refuseWithPage };
  app.get("/u/login", page, (request, reply) => showSignInPage(request.tenant, request, reply));
  app.post("/u/login", page, (request, reply) => submitSignInPage(request.tenant, request, reply));
  app.get("/continue", page, (request, reply) => continueSignIn(request.tenant, request, reply));
  app.post("/continue", page, (request, reply) => continueSignIn(request.tenant, request, reply));
}
