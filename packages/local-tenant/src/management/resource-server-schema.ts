import {
  anything,
  arrayOf,
  boolean,
  integer,
  nullable,
  object,
  oneOf,
  patchOf,
  string,
} from "./json-schema.ts";
import type { Schema } from "./json-schema.ts";

const policy = (...names: string[]) => object({ policy: oneOf(...names) });

/** Body of `POST /resource-servers`. */
export const createResourceServer: Schema = object({
  name: string({ maxLength: 200, pattern: "^[^<>]*$" }),
  "identifier!": string({ minLength: 1, maxLength: 600 }),
  scopes: arrayOf(
    object({ "value!": string({ minLength: 1, maxLength: 280 }), description: string({ maxLength: 500 }) }),
  ),
  signing_alg: oneOf("HS256", "RS256", "RS512", "PS256"),
  signing_secret: string({ minLength: 16 }),
  allow_offline_access: boolean,
  allow_online_access: boolean,
  allow_online_access_with_ephemeral_sessions: boolean,
  token_lifetime: integer(0, 2_592_000),
  token_lifetime_for_web: integer(0, 2_592_000),
  token_lifetime_for_anonymous_access_tokens: nullable(integer(0, 2_592_000)),
  token_dialect: oneOf("access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"),
  skip_consent_for_verifiable_first_party_clients: boolean,
  enforce_policies: boolean,
  verificationLocation: string(),
  options: { type: "object" },
  token_encryption: nullable(
    object({
      "format!": oneOf("compact-nested-jwe"),
      "encryption_key!": object({
        name: string({ maxLength: 128 }),
        "alg!": oneOf("RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"),
        kid: string(),
        "pem!": string(),
        thumbprint_sha256: string(),
      }),
    }),
  ),
  consent_policy: nullable(oneOf("transactional-authorization-with-mfa")),
  authorization_details: nullable(arrayOf(anything)),
  proof_of_possession: nullable(
    object({
      "mechanism!": oneOf("mtls", "dpop"),
      "required!": boolean,
      required_for: oneOf("public_clients", "all_clients"),
    }),
  ),
  subject_type_authorization: object({
    user: policy("allow_all", "deny_all", "require_client_grant"),
    client: policy("deny_all", "require_client_grant"),
    anonymous_user: policy("allow_all", "deny_all", "require_client_grant"),
  }),
  authorization_policy: nullable(object({ "policy_id!": string() })),
});

/** Body of `PATCH /resource-servers/{id}`. */
export const updateResourceServer: Schema = patchOf(createResourceServer, {
  identifier: undefined,
  name: string({ minLength: 1, maxLength: 200, pattern: "^[^<>]*$" }),
});
