import type { FastifyInstance } from "fastify";
import { OAuthError } from "../lib/errors.ts";
import { parametersOf } from "../web/parameters.ts";
import { authenticateClient } from "./client-authentication.ts";

/** Endpoints of production's Authentication API that this tenant does not have. */
const NOT_BUILT: readonly (readonly [method: "GET" | "POST", path: string])[] = [
  ["POST", "/oauth/par"],
  ["POST", "/bc-authorize"],
  ["POST", "/oidc/register"],
  ["POST", "/dbconnections/signup"],
  ["POST", "/dbconnections/change_password"],
  ["POST", "/passwordless/start"],
  ["POST", "/passwordless/verify"],
  ["POST", "/mfa/challenge"],
  ["POST", "/mfa/associate"],
  ["GET", "/mfa/authenticators"],
  ["GET", "/activate"],
  ["GET", "/samlp/:client_id"],
  ["POST", "/samlp/:client_id"],
  ["GET", "/wsfed/:client_id"],
  ["POST", "/co/authenticate"],
];

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/**
 * Refuses what the tenant does not have with a clear message. Where a rule of production refuses it first,
 * that rule's error is answered.
 */
export function notBuiltRoutes(app: FastifyInstance): void {
  for (const [method, url] of NOT_BUILT) {
    app.route({
      method,
      url,
      handler: async () => {
        throw new OAuthError("not_implemented", `The local tenant does not implement ${method} ${url}.`, 501);
      },
    });
  }
  app.post("/oauth/device/code", async (request) => {
    const { values } = parametersOf(request.body);
    const { client } = await authenticateClient(request.tenant, request.headers.authorization, values);
    if (client.grant_types?.includes(DEVICE_CODE) !== true) {
      throw new OAuthError(
        "unauthorized_client",
        `Grant type '${DEVICE_CODE}' not allowed for the client.`,
        403,
      );
    }
    throw new OAuthError("not_implemented", "The local tenant does not have the device flow.", 501);
  });
}
