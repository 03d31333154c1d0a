import fastifyCookie from "@fastify/cookie";
import fastifyFormbody from "@fastify/formbody";
import { fastify } from "fastify";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticationRoutes } from "./authentication/authentication-routes.ts";
import { consoleRoutes } from "./console/console-routes.ts";
import { leadToTenants } from "./family.ts";
import type { Family } from "./family.ts";
import { ManagementError, OAuthError } from "./lib/errors.ts";
import { faultRoutes } from "./faults.ts";
import { loginRoutes } from "./login/login-routes.ts";
import { tenantOfEachRequest } from "./web/request-tenant.ts";
import { StoreError } from "./store/store-error.ts";
import { managementRoutes } from "./management/management-routes.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The client that the bearer token was issued to; for the request log. */
    clientId: string | undefined;
  }
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
/**
 * Larger than the 100 kB of an Action's code in JSON escapes, and small enough that nobody fills the memory.
 */
const BODY_LIMIT = 1_048_576;

/**
 * The HTTP side of a tenant and its forks, without a port: `app.inject()` or `app.routing` serve it. Bodies
 * are never coerced or stripped, an empty JSON body counts as no body (Auth0's deploy call sends none), and
 * every change is saved before its answer leaves.
 */
export async function createServer(family: Family): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2048 },
    // A path that is not a URL reaches neither a route nor the error handler.
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply.header("x-content-type-options", "nosniff"));
    },
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
  });
  acceptEmptyJson(app);
  await app.register(fastifyFormbody, { bodyLimit: BODY_LIMIT });
  await app.register(fastifyCookie);
  app.decorateRequest("clientId", undefined);
  leadToTenants(app, family);
  app.addHook("onRequest", refuseForeignHosts);
  tenantOfEachRequest(app);
  app.addHook("onResponse", (request, reply, done) => {
    const { log, now } = request.tenant;
    log.add({
      time: Math.round(now() - reply.elapsedTime),
      method: request.method,
      path: request.url,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      ...(request.clientId === undefined ? {} : { clientId: request.clientId }),
    });
    done();
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  faultRoutes(app);
  managementRoutes(app);
  authenticationRoutes(app);
  loginRoutes(app);
  consoleRoutes(app);
  await app.ready();
  return app;
}

/**
 * `checkBody` checks what a request brings, in Auth0's words. Without these two, fastify would load ajv and a
 * compiler of serializers, a quarter of all code that a tenant starts with.
 */
function refuseSchemas(): never {
  throw new Error("No route has a schema of fastify's: checkBody() checks bodies.");
}

function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body as string, done);
  });
}

/**
 * A page of another site can point a name of its own at 127.0.0.1 (DNS rebinding); the Host header gives it
 * away.
 */
function refuseForeignHosts(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const name = (request.headers.host ?? "").replace(/:\d*$/, "").toLowerCase();
  if (LOOPBACK_NAMES.has(name)) return done();
  void reply.code(421).type("text/plain").send("This local tenant answers only to the name localhost.\n");
}

function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof StoreError) return answerNotStored(error, request, reply);
  if (error instanceof ManagementError) return void reply.code(error.statusCode).send(error.toBody());
  if (error instanceof OAuthError) {
    return void reply.code(error.statusCode).header("cache-control", "no-store").send(error.toBody());
  }
  const status = "statusCode" in error ? (error.statusCode ?? 500) : 500;
  if (status >= 400 && status < 500) {
    const code = status === 400 ? "invalid_body" : undefined;
    return void reply.code(status).send(new ManagementError(status, error.message, code).toBody());
  }
  // Details of an internal error are only for the person who runs the tenant, not for the client.
  process.stderr.write(
    `${request.method} ${request.url.split("?")[0]} failed: ${error.stack ?? error.message}\n`,
  );
  return void reply.code(500).send(new ManagementError(500, "An internal error occurred").toBody());
}

/** Nothing of the answer that was to tell of the change may leave: no redirect, no cookie, no location. */
function answerNotStored(error: StoreError, request: FastifyRequest, reply: FastifyReply): void {
  process.stderr.write(`${request.method} ${request.url.split("?")[0]} was refused: ${error.message}\n`);
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  void reply
    .code(error.statusCode)
    .headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .type("application/json; charset=utf-8")
    .send(error.toBody());
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split("?")[0] ?? "";
  if (path.startsWith("/api/v2/")) {
    const message = `The local tenant does not implement ${request.method} ${path}.`;
    return void reply.code(501).send(new ManagementError(501, message, "not_implemented").toBody());
  }
  return void reply.code(404).type("text/plain").send("Not found\n");
}
