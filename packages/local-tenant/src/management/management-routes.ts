import type { FastifyInstance } from "fastify";
import { operations } from "./operations.ts";
import { registerOperations } from "./router.ts";

/** Adds the Management API v2 to the tenant's server. */
export function managementRoutes(app: FastifyInstance): void {
  registerOperations(app, operations);
}
