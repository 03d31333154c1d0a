import { timingSafeEqual } from "node:crypto";
import type { TenantContext } from "../context.ts";
import type { ClientEntity } from "../store/entities.ts";
import { OAuthError } from "../lib/errors.ts";
import { tokenHash } from "./tokens.ts";
import { verifyAssertion } from "./client-assertion.ts";

type Values = Readonly<Record<string, string>>;

/** The application behind a token request, and how it proved to be it. */
export interface AuthenticatedClient {
  readonly client: ClientEntity;
  readonly proof: "secret" | "assertion" | "none";
}

const UNAUTHORIZED = "Unauthorized";

/**
 * Finds out which application sends a token request: by Basic credentials, by those in the body (both
 * whatever `token_endpoint_auth_method` says, as production takes both), by a signed assertion, or by only
 * its id if it is a public client.
 * @throws {OAuthError} 401 `access_denied` "Unauthorized" for an unknown client or a wrong secret.
 */
export async function authenticateClient(
  context: TenantContext,
  authorization: string | undefined,
  values: Values,
): Promise<AuthenticatedClient> {
  if (values["client_assertion"] !== undefined || values["client_assertion_type"] !== undefined) {
    return { client: await verifyAssertion(context, values), proof: "assertion" };
  }
  const basic = readBasic(authorization);
  const clientId = basic?.id ?? values["client_id"];
  const secret = basic?.secret ?? values["client_secret"];
  if (clientId === undefined)
    throw new OAuthError("invalid_request", "Missing required parameter: client_id");
  if (basic !== undefined && values["client_id"] !== undefined && values["client_id"] !== clientId) {
    throw new OAuthError(
      "invalid_request",
      "The client_id in the body is not the one in the Authorization header.",
    );
  }
  const client = context.store.tables.clients.get(clientId);
  if (client === undefined) throw new OAuthError("access_denied", UNAUTHORIZED, 401);
  if (secret === undefined) {
    if (client.token_endpoint_auth_method === "none") return { client, proof: "none" };
    throw new OAuthError("access_denied", UNAUTHORIZED, 401);
  }
  const expected = client.client_secret;
  if (
    expected === undefined ||
    usesKeys(client) ||
    !candidates(secret, basic !== undefined).some((text) => equal(text, expected))
  ) {
    throw new OAuthError("access_denied", UNAUTHORIZED, 401);
  }
  return { client, proof: "secret" };
}

/** A client with `private_key_jwt` can no longer use its secret. */
function usesKeys(client: ClientEntity): boolean {
  return (
    client["client_authentication_methods"] !== undefined && client["client_authentication_methods"] !== null
  );
}

function readBasic(authorization: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0) return undefined;
  return { id: formDecoded(decoded.slice(0, colon)), secret: decoded.slice(colon + 1) };
}

/**
 * RFC 6749 section 2.3.1 asks for form-encoded Basic credentials, and many clients send them as they are.
 * Both are accepted.
 */
function candidates(secret: string, basic: boolean): string[] {
  return basic ? [secret, formDecoded(secret)] : [secret];
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function equal(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(tokenHash(given)), Buffer.from(tokenHash(expected)));
}
