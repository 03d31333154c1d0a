import { createPublicKey } from "node:crypto";
import { decodeJwt, jwtVerify } from "jose";
import type { TenantContext } from "../context.ts";
import type { ClientEntity } from "../store/entities.ts";
import { OAuthError } from "../lib/errors.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** Algorithms that production takes for client assertions. */
const ALGORITHMS = ["RS256", "RS384", "PS256"];
const MAX_LIFETIME_SECONDS = 300;

/**
 * Checks a client assertion (`private_key_jwt`, docs
 * get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt): signed with one of
 * the client's keys, for this tenant, by and about the client, short-lived and used once.
 * @throws {OAuthError} 401 `invalid_client`.
 */
export async function verifyAssertion(
  context: TenantContext,
  values: Readonly<Record<string, string>>,
): Promise<ClientEntity> {
  const assertion = values["client_assertion"];
  if (values["client_assertion_type"] !== ASSERTION_TYPE || assertion === undefined) {
    throw new OAuthError(
      "invalid_request",
      `client_assertion must come with client_assertion_type ${ASSERTION_TYPE}`,
    );
  }
  const client = context.store.tables.clients.get(subjectOf(assertion) ?? "");
  const keys = client === undefined ? [] : keysOf(context, client);
  if (client === undefined || keys.length === 0)
    throw refused("Client authentication by an assertion is not set up");
  if (values["client_id"] !== undefined && values["client_id"] !== client.client_id) {
    throw refused("client_id is not the subject of the client assertion");
  }
  for (const key of keys) {
    if (await isSignedWith(context, assertion, key, client)) return client;
  }
  throw refused("Invalid client assertion");
}

function refused(description: string): OAuthError {
  return new OAuthError("invalid_client", description, 401);
}

/** The client that the assertion claims to be from. Nothing is verified yet. */
function subjectOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

function keysOf(context: TenantContext, client: ClientEntity): { pem: string; alg: string }[] {
  // SAFETY: any value may be asked for keys that it lacks, through the optional chain.
  const methods = client["client_authentication_methods"] as
    { private_key_jwt?: { credentials?: { id?: string }[] } } | null | undefined;
  return (methods?.private_key_jwt?.credentials ?? []).flatMap(({ id }) => {
    const credential = context.store.tables.clientCredentials.get(id ?? "");
    if (credential === undefined || credential.client_id !== client.client_id) return [];
    const expires = credential["expires_at"];
    if (typeof expires === "string" && Date.parse(expires) <= context.now()) return [];
    const alg = typeof credential["alg"] === "string" ? credential["alg"] : "RS256";
    return ALGORITHMS.includes(alg) ? [{ pem: credential.pem, alg }] : [];
  });
}

async function isSignedWith(
  context: TenantContext,
  assertion: string,
  { pem, alg }: { pem: string; alg: string },
  client: ClientEntity,
): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(assertion, createPublicKey(pem), {
      algorithms: [alg],
      issuer: client.client_id,
      subject: client.client_id,
      audience: [context.issuer, `${context.issuer}oauth/token`],
      currentDate: new Date(context.now()),
      clockTolerance: 5,
      requiredClaims: ["exp", "jti"],
    });
    const { exp = 0, jti = "" } = payload;
    const seconds = exp - context.now() / 1000;
    const key = `${client.client_id} ${jti}`;
    if (jti === "" || seconds > MAX_LIFETIME_SECONDS + 5 || context.signIns.assertions.get(key) !== undefined)
      return false;
    context.signIns.assertions.set(key, true, (seconds + 10) * 1000);
    return true;
  } catch {
    return false;
  }
}
