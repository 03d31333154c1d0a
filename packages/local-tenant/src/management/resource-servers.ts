import { createHash, X509Certificate, createPublicKey } from "node:crypto";
import type { TenantContext } from "../context.ts";
import { ManagementError } from "../lib/errors.ts";
import type { ResourceServerEntity } from "../store/entities.ts";
import { apiNamed } from "../store/find-by-name.ts";
import { shownRow, storedIdentifier } from "../store/own-address.ts";
import { isObject, mergePatch } from "./merge.ts";
import { found } from "./not-found.ts";
import { created, noContent, ok, operation } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { checkpointQuery, pagedAnswer, pageQuery } from "./paging.ts";
import { fieldsQuery, project } from "./projection.ts";
import { createResourceServer, updateResourceServer } from "./resource-server-schema.ts";

type Body = Record<string, unknown>;

const list = operation({
  id: "resourceServers.list",
  method: "GET",
  path: "/resource-servers",
  scopes: ["read:resource_servers"],
  query: { ...pageQuery, ...checkpointQuery, ...fieldsQuery },
  lists: ["identifiers"],
  handle: ({ query, tenant }) => {
    const identifiers = query["identifiers"]?.split(",").map((name) => storedIdentifier(tenant, name));
    const rows = tenant.store.tables.resourceServers.list(
      (row) => identifiers === undefined || identifiers.includes(row.identifier),
    );
    const view = (row: ResourceServerEntity) => project(viewResourceServer(tenant, row), query);
    return ok(pagedAnswer("resource_servers", rows, query, (row) => row.id, view));
  },
});

const create = operation<Body>({
  id: "resourceServers.create",
  method: "POST",
  path: "/resource-servers",
  scopes: ["create:resource_servers"],
  body: createResourceServer,
  handle: ({ body, tenant }) => {
    const { resourceServers } = tenant.store.tables;
    // SAFETY: the schema requires the identifier and its type.
    const identifier = body["identifier"] as string;
    if (apiNamed(tenant, identifier) !== undefined) {
      throw new ManagementError(
        409,
        `A resource server with identifier ${identifier} already exists.`,
        "resource_server_exists",
      );
    }
    const server: ResourceServerEntity = {
      id: tenant.ids.hex(24),
      name: identifier,
      allow_offline_access: false,
      skip_consent_for_verifiable_first_party_clients: false,
      subject_type_authorization: {
        client: { policy: "require_client_grant" },
        user: { policy: "allow_all" },
      },
      token_lifetime: 86_400,
      token_lifetime_for_web: 7200,
      signing_alg: "RS256",
      ...describeEncryption(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))),
      identifier,
    };
    return created(viewResourceServer(tenant, resourceServers.put(server)));
  },
});

const get = operation({
  id: "resourceServers.get",
  method: "GET",
  path: "/resource-servers/:id",
  scopes: ["read:resource_servers"],
  query: fieldsQuery,
  handle: ({ params, query, tenant }) =>
    ok(project(viewResourceServer(tenant, findResourceServer(tenant, params["id"])), query)),
});

const update = operation<Body>({
  id: "resourceServers.update",
  method: "PATCH",
  path: "/resource-servers/:id",
  scopes: ["update:resource_servers"],
  body: updateResourceServer,
  handle: ({ params, body, tenant }) => {
    const server = findResourceServer(tenant, params["id"]);
    const merged = mergePatch(server, describeEncryption(body));
    // SAFETY: the schema lets no PATCH touch id or identifier, nor remove the name.
    const changed = tenant.store.tables.resourceServers.put(merged as ResourceServerEntity);
    return ok(viewResourceServer(tenant, changed));
  },
});

const remove = operation({
  id: "resourceServers.delete",
  method: "DELETE",
  path: "/resource-servers/:id",
  scopes: ["delete:resource_servers"],
  handle: ({ params, tenant }) => {
    const { tables } = tenant.store;
    const server = lookUp(tenant, params["id"]);
    if (server === undefined) return noContent;
    if (server.is_system === true) {
      throw new ManagementError(403, "System resource servers cannot be deleted", "operation_not_supported");
    }
    tables.resourceServers.delete(server.id);
    for (const grant of tables.clientGrants.by("audience", server.identifier)) {
      tables.clientGrants.delete(grant.id);
    }
    for (const role of tables.roles.list()) {
      const permissions = role.permissions.filter(
        (permission) => permission.resource_server_identifier !== server.identifier,
      );
      if (permissions.length < role.permissions.length) tables.roles.put({ ...role, permissions });
    }
    return noContent;
  },
});

export const resourceServerOperations: readonly Operation[] = [list, create, get, update, remove];

/** Adds the client that stands for the API, where one was made (recording TestAccClientResourceServer). */
function viewResourceServer(tenant: TenantContext, server: ResourceServerEntity): ResourceServerEntity {
  const clients = tenant.store.tables.clients.by("api", server.identifier);
  const client = clients.find(({ app_type }) => app_type === "resource_server");
  const shown = shownRow(tenant, "resourceServers", server);
  return client === undefined ? shown : { ...shown, client_id: client.client_id };
}

/**
 * Finds an API by id or by identifier, as production takes both, and by an identifier that was encoded
 * twice, as some SDKs send it.
 */
function lookUp(tenant: TenantContext, key = ""): ResourceServerEntity | undefined {
  const { resourceServers } = tenant.store.tables;
  return resourceServers.get(key) ?? apiNamed(tenant, key) ?? apiNamed(tenant, decodeOnceMore(key));
}

function decodeOnceMore(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function findResourceServer(tenant: TenantContext, key: string | undefined): ResourceServerEntity {
  return found(lookUp(tenant, key), "The resource server does not exist", "inexistent_resource_server");
}

/**
 * The key that tokens are encrypted with is answered as its thumbprint, never as it was sent (recording
 * TestAccResourceServer).
 */
function describeEncryption(body: Body): Body {
  const encryption = body["token_encryption"];
  if (!isObject(encryption) || !isObject(encryption["encryption_key"])) return body;
  const { pem, ...key } = encryption["encryption_key"];
  const described = { ...key, thumbprint_sha256: keyThumbprint(String(pem)) };
  return { ...body, token_encryption: { ...encryption, encryption_key: described } };
}

function keyThumbprint(pem: string): string {
  try {
    const der = pem.includes("CERTIFICATE")
      ? new X509Certificate(pem).raw
      : createPublicKey(pem).export({ type: "spki", format: "der" });
    return createHash("sha256").update(der).digest("base64url");
  } catch {
    throw new ManagementError(
      400,
      "The pem of token_encryption.encryption_key is not a valid public key or certificate.",
      "invalid_body",
    );
  }
}
