import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ManagementError } from "../lib/errors.ts";
import { authenticate, requireScope } from "./bearer.ts";
import type { Caller } from "./bearer.ts";
import type { Call, Operation, Query } from "./operation.ts";
import { checkBody, checkQuery } from "./validate.ts";

const PREFIX = "/api/v2";
const nobody: Caller = { clientId: undefined, subject: undefined, scopes: new Set() };

/** Adds a route for each operation: token first, then scopes, then shapes, then the operation itself. */
export function registerOperations(app: FastifyInstance, operations: readonly Operation[]): void {
  for (const operation of operations) {
    const callers = new WeakMap<FastifyRequest, Caller>();
    app.route({
      method: operation.method,
      url: PREFIX + operation.path,
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
        const { tenant } = request;
        const caller = await authenticate(request, tenant);
        request.clientId = caller.clientId;
        tenant.rateLimits.take(operation.id, reply);
        // SAFETY: fastify's path parameters are decoded text by name.
        requireScope(caller, operation.scopes, (request.params as Record<string, string>)["id"]);
        callers.set(request, caller);
      },
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const caller = callers.get(request) ?? nobody;
        const answer = await operation.handle(readCall(operation, request, caller));
        reply.code(answer.status);
        if (answer.body === undefined) return reply.send();
        return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer.body));
      },
    });
  }
}

function readCall(operation: Operation, request: FastifyRequest, caller: Caller): Call<never> {
  const query = readQuery(request.query, operation.lists ?? []);
  checkQuery(operation.query ?? {}, query);
  if (operation.body !== undefined) checkBody(operation.body, request.body ?? {});
  return {
    // SAFETY: fastify's path parameters are decoded text by name.
    params: request.params as Record<string, string>,
    query,
    // SAFETY: the body was checked against the schema of the operation, or the operation does not look at it.
    body: (operation.body === undefined ? undefined : (request.body ?? {})) as never,
    clientId: caller.clientId,
    scopes: caller.scopes,
    tenant: request.tenant,
  };
}

function readQuery(parsed: unknown, lists: readonly string[]): Query {
  const query: Record<string, string> = {};
  for (const [name, given] of Object.entries(parsed ?? {})) {
    const value: unknown = Array.isArray(given) && lists.includes(name) ? given.join(",") : given;
    if (typeof value !== "string") {
      throw new ManagementError(
        400,
        `Query validation error: 'Expected type string but found type array' on property ${name}.`,
        "invalid_query_string",
      );
    }
    query[name] = value;
  }
  return query;
}
