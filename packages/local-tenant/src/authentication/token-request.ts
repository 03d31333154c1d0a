import type { FastifyRequest } from "fastify";
import type { AuthenticatedClient } from "./client-authentication.ts";

/** What each grant needs of a token request. */
export interface TokenRequest extends AuthenticatedClient {
  readonly values: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
}
