import { X509Certificate, createHash, createPublicKey } from "node:crypto";
import type { TenantContext } from "../../context.ts";
import type { ClientCredentialEntity, ClientEntity } from "../../store/entities.ts";
import { ManagementError } from "../../lib/errors.ts";
import type { Store } from "../../store/state.ts";
import { isObject, omit } from "../merge.ts";
import { found } from "../not-found.ts";
import { created, noContent, ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { nullable, object, string } from "../json-schema.ts";
import { newCredential } from "./credential-schema.ts";
import { findClient } from "./find-client.ts";

interface CredentialBody {
  credential_type: "public_key" | "cert_subject_dn" | "x509_cert";
  name?: string;
  subject_dn?: string;
  pem?: string;
  alg?: string;
  parse_expiry_from_cert?: boolean;
  expires_at?: string;
  kid?: string;
}

const METHODS = ["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"] as const;
const READ = ["read:client_credentials"];

const list = operation({
  id: "clients.credentials.list",
  method: "GET",
  path: "/clients/:id/credentials",
  scopes: READ,
  handle: ({ params, tenant }) => {
    const client = findClient(tenant.store, params["id"]);
    return ok(credentialsOf(tenant.store, client.client_id).map(viewCredential));
  },
});

const create = operation<CredentialBody>({
  id: "clients.credentials.create",
  method: "POST",
  path: "/clients/:id/credentials",
  scopes: ["create:client_credentials"],
  body: newCredential,
  handle: ({ params, body, tenant }) => {
    const client = findClient(tenant.store, params["id"]);
    return created(viewCredential(addCredential(tenant, client.client_id, body)));
  },
});

const get = operation({
  id: "clients.credentials.get",
  method: "GET",
  path: "/clients/:clientId/credentials/:id",
  scopes: READ,
  handle: ({ params, tenant }) => ok(viewCredential(findCredential(tenant.store, params))),
});

const update = operation<{ expires_at?: string | null }>({
  id: "clients.credentials.update",
  method: "PATCH",
  path: "/clients/:clientId/credentials/:id",
  scopes: ["update:client_credentials"],
  body: object({ expires_at: nullable(string({ format: "date-time" })) }),
  handle: ({ params, body, tenant }) => {
    const { expires_at: old, ...rest } = findCredential(tenant.store, params);
    const expires = body.expires_at === undefined ? old : body.expires_at;
    const changed = {
      ...rest,
      updated_at: new Date(tenant.now()).toISOString(),
      ...(expires === null || expires === undefined ? {} : { expires_at: expires }),
    };
    return ok(viewCredential(tenant.store.tables.clientCredentials.put(changed)));
  },
});

const remove = operation({
  id: "clients.credentials.delete",
  method: "DELETE",
  path: "/clients/:clientId/credentials/:id",
  scopes: ["delete:client_credentials"],
  handle: ({ params, tenant }) => {
    const credential = findCredential(tenant.store, params);
    const client = findClient(tenant.store, credential.client_id);
    if (attachedIds(client).includes(credential.id)) {
      throw new ManagementError(
        400,
        "The credential is in use by the client. Remove it from client_authentication_methods first.",
        "invalid_body",
      );
    }
    tenant.store.tables.clientCredentials.delete(credential.id);
    return noContent;
  },
});

export const credentialOperations: readonly Operation[] = [list, create, get, update, remove];

/** Turns credentials that came with `POST /clients` into rows, and leaves their ids in the client. */
export function createCredentialsInline(tenant: TenantContext, client: ClientEntity): void {
  for (const holder of credentialHolders(client)) {
    holder["credentials"] = credentialList(holder).map((credential) => {
      // SAFETY: the schema of `POST /clients` takes whole credentials here.
      return { id: addCredential(tenant, client.client_id, credential as unknown as CredentialBody).id };
    });
  }
}

/** @throws {ManagementError} 400 when the client refers to a credential that it does not have. */
export function refuseUnknownCredentials(store: Store, client: ClientEntity): void {
  const missing = attachedIds(client).find(
    (id) => store.tables.clientCredentials.get(id)?.client_id !== client.client_id,
  );
  if (missing === undefined) return;
  throw new ManagementError(400, `The credential ${missing} does not exist for this client.`, "invalid_body");
}

function attachedIds(client: ClientEntity): string[] {
  return credentialHolders(client).flatMap((holder) => credentialList(holder).map(({ id }) => String(id)));
}

function credentialHolders(client: ClientEntity): Record<string, unknown>[] {
  const methods = client["client_authentication_methods"];
  const holders = isObject(methods) ? METHODS.map((method) => methods[method]) : [];
  return [...holders, client["signed_request_object"]].filter(isObject);
}

function credentialList(holder: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(holder["credentials"]) ? holder["credentials"].filter(isObject) : [];
}

function credentialsOf(store: Store, clientId: string): ClientCredentialEntity[] {
  return store.tables.clientCredentials.by("client", clientId);
}

function findCredential(store: Store, params: Readonly<Record<string, string>>): ClientCredentialEntity {
  const client = findClient(store, params["clientId"]);
  const credential = store.tables.clientCredentials.get(params["id"] ?? "");
  return found(
    credential?.client_id === client.client_id ? credential : undefined,
    "The credential does not exist",
    "inexistent_credential",
  );
}

function addCredential(
  tenant: TenantContext,
  clientId: string,
  body: CredentialBody,
): ClientCredentialEntity {
  const { pem = "", parse_expiry_from_cert, ...rest } = body;
  const date = new Date(tenant.now()).toISOString();
  return tenant.store.tables.clientCredentials.put({
    id: tenant.ids.prefixed("cred_", 22),
    client_id: clientId,
    ...rest,
    ...describeKey(body, pem),
    ...(parse_expiry_from_cert === true || body.credential_type === "x509_cert"
      ? { expires_at: expiryOf(pem) }
      : {}),
    pem,
    created_at: date,
    updated_at: date,
  });
}

function describeKey(body: CredentialBody, pem: string): Record<string, unknown> {
  if (body.credential_type === "public_key") {
    const kid = body.kid ?? thumbprint(publicKeyDer(pem));
    return { kid, alg: body.alg ?? "RS256" };
  }
  if (body.credential_type === "x509_cert") return { thumbprint_sha256: thumbprint(certificate(pem).raw) };
  return { subject_dn: body.subject_dn ?? certificate(pem).subject.split("\n").reverse().join(",") };
}

function thumbprint(der: Buffer): string {
  return createHash("sha256").update(der).digest("base64url");
}

function publicKeyDer(pem: string): Buffer {
  try {
    return createPublicKey(pem).export({ type: "spki", format: "der" });
  } catch {
    throw new ManagementError(400, "The pem is not a valid public key or certificate.", "invalid_body");
  }
}

function certificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ManagementError(400, "The pem is not a valid certificate.", "invalid_body");
  }
}

function expiryOf(pem: string): string {
  return new Date(certificate(pem).validTo).toISOString();
}

function viewCredential(credential: ClientCredentialEntity): Record<string, unknown> {
  return omit(credential, "pem", "client_id");
}
