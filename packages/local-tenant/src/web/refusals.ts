import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { OAuthError } from "../lib/errors.ts";
import { sendErrorPage } from "./pages.ts";

/**
 * `errorHandler` of a route that people see: a refusal is a page. Any other error goes to the server's own
 * handler.
 */
export function refuseWithPage(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void sendErrorPage(reply, refusalOf(error));
}

/**
 * `errorHandler` of a route that applications call: a refusal is `{ error, error_description }`, whatever
 * made it.
 */
export function refuseWithOAuthError(error: FastifyError): never {
  throw refusalOf(error);
}

/** A body that is too large, broken or of another kind is refused as any other bad request. */
function refusalOf(error: FastifyError): OAuthError {
  if (error instanceof OAuthError) return error;
  const status = error.statusCode ?? 500;
  if (status < 400 || status > 499) throw error;
  return new OAuthError("invalid_request", error.message, status);
}
