import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../context.ts";
import { operations } from "./operations.ts";
import { registerOperations } from "./router.ts";

/** Adds the Management API v2 to the tenant's server. */
export function managementRoutes(app: FastifyInstance, context: TenantContext): void {
  registerOperations(app, context, operations);
}
