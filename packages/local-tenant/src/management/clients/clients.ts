import type { ClientEntity } from "../../store/entities.ts";
import { storedRow } from "../../store/own-address.ts";
import type { Store } from "../../store/state.ts";
import { insufficientScope } from "../bearer.ts";
import { isObject, mergePatch } from "../merge.ts";
import { created, noContent, ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { checkpointQuery, pagedAnswer, pageQuery } from "../paging.ts";
import { fieldsQuery, project } from "../projection.ts";
import { boolean } from "../json-schema.ts";
import { refuseUnknownCredentials, createCredentialsInline } from "./credentials.ts";
import { completeSessionTransfer, withDefaults } from "./defaults.ts";
import { findClient } from "./find-client.ts";
import { createClient, updateClient } from "./client-schema.ts";
import { viewChangedClient, viewClient, viewWholeClient } from "./client-view.ts";

type Body = Record<string, unknown>;

const READ = ["read:clients", "read:client_keys", "read:client_credentials", "read:client_summary"];
/**
 * Fields that a PATCH changes by other scopes than `update:clients` (docs
 * api/management/v2/clients/patch-clients-by-id).
 */
const FIELD_SCOPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["client_secret", ["update:client_keys"]],
  ["client_authentication_methods", ["update:clients", "update:client_credentials"]],
]);

/**
 * Keys that a PATCH merges one level down; all others it replaces (recordings TestAccClientMobile,
 * TestAccClientMetadata*).
 */
const DEEP = [
  "client_metadata",
  "mobile",
  "native_social_login",
  "jwt_configuration",
  "addons",
  "session_transfer",
  "signed_request_object",
];

const list = operation({
  id: "clients.list",
  method: "GET",
  path: "/clients",
  scopes: READ,
  query: { ...pageQuery, ...checkpointQuery, ...fieldsQuery, is_global: boolean, is_first_party: boolean },
  handle: ({ query, scopes, tenant }) => {
    const { app_type, is_global, is_first_party } = query;
    const types = app_type?.split(",");
    const rows = tenant.store.tables.clients.list(
      (client) =>
        (types === undefined || types.includes(client.app_type ?? "")) &&
        (is_global === undefined || (client.global === true) === (is_global === "true")) &&
        (is_first_party === undefined || client.is_first_party === (is_first_party === "true")),
    );
    const view = (client: ClientEntity) => project(viewClient(tenant, client, scopes), query);
    return ok(pagedAnswer("clients", rows, query, (client) => client.client_id, view));
  },
});

const create = operation<Body>({
  id: "clients.create",
  method: "POST",
  path: "/clients",
  scopes: ["create:clients"],
  body: createClient,
  handle: ({ body, tenant }) => {
    const { store } = tenant;
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
    const client = storedRow(tenant, "clients", withDefaults(tenant, given));
    createCredentialsInline(tenant, client);
    store.tables.clients.put(client);
    if (store.settings.flags["enable_client_connections"] === true) enableEverywhere(store, client.client_id);
    return created(viewWholeClient(tenant, client));
  },
});

const get = operation({
  id: "clients.get",
  method: "GET",
  path: "/clients/:id",
  scopes: READ,
  query: fieldsQuery,
  handle: ({ params, query, scopes, tenant }) => {
    const client = findClient(tenant.store, params["id"]);
    return ok(project(viewClient(tenant, client, scopes), query));
  },
});

const update = operation<Body>({
  id: "clients.update",
  method: "PATCH",
  path: "/clients/:id",
  scopes: ["update:clients", "update:client_keys", "update:client_credentials"],
  body: updateClient,
  handle: ({ params, body, scopes, tenant }) => {
    requireFieldScopes(scopes, body);
    const client = findClient(tenant.store, params["id"]);
    // SAFETY: the schema lets no PATCH remove client_id or name.
    const merged = mergePatch(client, body, DEEP) as ClientEntity;
    if (isObject(merged["session_transfer"])) {
      merged["session_transfer"] = completeSessionTransfer(merged["session_transfer"]);
    }
    refuseUnknownCredentials(tenant.store, merged);
    tenant.store.tables.clients.put(merged);
    return ok(viewChangedClient(tenant, merged, scopes));
  },
});

const remove = operation({
  id: "clients.delete",
  method: "DELETE",
  path: "/clients/:id",
  scopes: ["delete:clients"],
  handle: ({ params, tenant }) => {
    deleteClient(tenant.store, params["id"] ?? "");
    return noContent;
  },
});

const rotateSecret = operation({
  id: "clients.rotateSecret",
  method: "POST",
  path: "/clients/:id/rotate-secret",
  scopes: ["update:client_keys"],
  handle: ({ params, tenant }) => {
    const client = findClient(tenant.store, params["id"]);
    const rotated = { ...client, client_secret: tenant.ids.alphanumeric(64) };
    tenant.store.tables.clients.put(rotated);
    return ok(viewWholeClient(tenant, rotated));
  },
});

export const clientOperations: readonly Operation[] = [list, create, get, update, remove, rotateSecret];

/** @throws {ManagementError} 403 `insufficient_scope` where the token may not change one of the fields. */
function requireFieldScopes(scopes: ReadonlySet<string>, body: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(body)) {
    const anyOf = FIELD_SCOPES.get(name) ?? ["update:clients"];
    if (anyOf.some((scope) => scopes.has(scope))) continue;
    throw insufficientScope(anyOf);
  }
}

/**
 * Removes a client with its credentials, its grants and its place in connections. Deleting a client that
 * does not exist is not an error.
 */
function deleteClient(store: Store, clientId: string): void {
  const { clients, clientCredentials, clientGrants, connections } = store.tables;
  clients.delete(clientId);
  for (const credential of clientCredentials.list((row) => row.client_id === clientId)) {
    clientCredentials.delete(credential.id);
  }
  for (const grant of clientGrants.by("client", clientId)) clientGrants.delete(grant.id);
  for (const connection of connections.list((row) => row.enabled_clients.includes(clientId))) {
    const enabled_clients = connection.enabled_clients.filter((id) => id !== clientId);
    connections.put({ ...connection, enabled_clients });
  }
}

function enableEverywhere(store: Store, clientId: string): void {
  for (const connection of store.tables.connections.list()) {
    store.tables.connections.put({
      ...connection,
      enabled_clients: [...connection.enabled_clients, clientId],
    });
  }
}
