import { boolean, object, oneOf, string } from "../json-schema.ts";
import type { Schema } from "../json-schema.ts";

/** A public key, certificate or subject of a client, as `POST /clients/{id}/credentials` takes it. */
export const newCredential: Schema = object({
  "credential_type!": oneOf("public_key", "cert_subject_dn", "x509_cert"),
  name: string({ maxLength: 128 }),
  subject_dn: string({ maxLength: 256 }),
  pem: string({ maxLength: 4096 }),
  alg: oneOf("RS256", "RS384", "PS256"),
  parse_expiry_from_cert: boolean,
  expires_at: string({ format: "date-time" }),
  kid: string({ minLength: 10, maxLength: 64 }),
});

/** A credential by its id. */
export const credentialReference: Schema = object({ "id!": string() });
