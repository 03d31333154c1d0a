import type { TenantContext } from "../../context.ts";
import { ManagementError } from "../../lib/errors.ts";
import type { ConnectionEntity } from "../../store/entities.ts";
import { connectionNamed } from "../../store/find-by-name.ts";
import { OWN_DOMAIN, shownRow } from "../../store/own-address.ts";
import type { Store } from "../../store/state.ts";
import { insufficientScope } from "../bearer.ts";
import { isObject, mergePatch } from "../merge.ts";
import { created, ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { checkpointQuery, pagedAnswer, pageQuery } from "../paging.ts";
import { fieldsQuery, project } from "../projection.ts";
import { createConnection, updateConnection } from "./connection-schema.ts";
import { findConnection } from "./find-connection.ts";
import { completeOptions } from "./options/complete-options.ts";
import { keepsUsers } from "./strategies.ts";

type Body = Record<string, unknown>;
type Row = Record<string, unknown>;

/** Fields that production answers whatever `fields` asks for (recording TestAccConnectionClients). */
const ALWAYS = ["id", "is_domain_connection", "authentication", "connected_accounts"];
/**
 * Options have scopes of their own (docs
 * troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-connection-options-scope).
 */
const OPTION_SCOPES = { read: "read:connections_options", update: "update:connections_options" } as const;
/**
 * Strategies for which production answers an address where the identity provider's administrator finishes the
 * set-up.
 */
const TICKETS = new Set(["waad", "ad", "adfs", "google-apps", "pingfederate", "samlp"]);
/**
 * Strategies whose connections are called by their name where no `display_name` was sent (recordings
 * TestAccConnection*).
 */
const NAMED = new Set(["waad", "oidc", "okta"]);
/** Strategies whose connections begin without a button of their own on the sign-in page. */
const NO_BUTTON = new Set(["oidc", "okta", "samlp"]);

const list = operation({
  id: "connections.list",
  method: "GET",
  path: "/connections",
  scopes: ["read:connections"],
  fieldScopes: [OPTION_SCOPES.read],
  query: { ...pageQuery, ...checkpointQuery, ...fieldsQuery },
  lists: ["strategy"],
  handle: ({ query, scopes, tenant }) => {
    const { name, strategy } = query;
    const strategies = strategy?.split(",");
    const rows = tenant.store.tables.connections.list(
      (row) =>
        (name === undefined || row.name === name) &&
        (strategies === undefined || strategies.includes(row.strategy)),
    );
    const view = (row: ConnectionEntity) => project(viewConnection(tenant, row, scopes), query, ALWAYS);
    return ok(pagedAnswer("connections", rows, query, (row) => row.id, view));
  },
});

const create = operation<Body>({
  id: "connections.create",
  method: "POST",
  path: "/connections",
  scopes: ["create:connections"],
  fieldScopes: [OPTION_SCOPES.read],
  body: createConnection,
  handle: async ({ body, scopes, tenant }) => {
    const { store, ids } = tenant;
    const { connections } = store.tables;
    // SAFETY: the schema requires both and their types.
    const { name, strategy } = body as { name: string; strategy: string };
    const sent = (body["options"] as Row | undefined) ?? {};
    refuseCrossAppAccess(strategy, body);
    const options = await completeOptions({ tenant, strategy, sent });
    // Nothing waits after this check, so that the second of two calls with one name is refused.
    if (connectionNamed(store, name) !== undefined) {
      throw new ManagementError(409, "A connection with the same name already exists", "conflict");
    }
    const enabled = (body["enabled_clients"] as string[] | undefined) ?? [];
    checkClients(store, enabled);
    const connection: ConnectionEntity = {
      is_domain_connection: false,
      ...(NAMED.has(strategy) ? { display_name: name } : {}),
      ...(TICKETS.has(strategy)
        ? { provisioning_ticket_url: `https://${OWN_DOMAIN}/p/${strategy}/${ids.alphanumeric(8)}` }
        : {}),
      ...(NO_BUTTON.has(strategy) ? { show_as_button: false } : {}),
      authentication: { active: true },
      connected_accounts: { active: false },
      realms: [name],
      ...body,
      id: ids.prefixed("con_"),
      name,
      strategy,
      options,
      enabled_clients: [...new Set(enabled)],
    };
    return created(viewConnection(tenant, connections.put(connection), scopes));
  },
});

const get = operation({
  id: "connections.get",
  method: "GET",
  path: "/connections/:id",
  scopes: ["read:connections"],
  fieldScopes: [OPTION_SCOPES.read],
  query: fieldsQuery,
  handle: ({ params, query, scopes, tenant }) =>
    ok(project(viewConnection(tenant, findConnection(tenant.store, params["id"]), scopes), query, ALWAYS)),
});

const update = operation<Body>({
  id: "connections.update",
  method: "PATCH",
  path: "/connections/:id",
  scopes: ["update:connections"],
  fieldScopes: [OPTION_SCOPES.update, OPTION_SCOPES.read],
  body: updateConnection,
  handle: async ({ params, body, scopes, tenant }) => {
    const { options: sent, ...rest } = body;
    if (sent !== undefined && !scopes.has(OPTION_SCOPES.update)) {
      throw insufficientScope([OPTION_SCOPES.update]);
    }
    const before = findConnection(tenant.store, params["id"]);
    refuseCrossAppAccess(before.strategy, body);
    const options =
      sent === undefined
        ? undefined
        : await completeOptions({
            tenant,
            strategy: before.strategy,
            // SAFETY: the schema takes an object or null.
            sent: (sent as Row | null) ?? {},
            old: before.options,
          });
    const connection = findConnection(tenant.store, params["id"]);
    const merged = {
      ...mergePatch(connection, rest, ["metadata"]),
      ...(options === undefined ? {} : { options }),
    };
    // SAFETY: the schema lets no PATCH remove or retype what a connection must have.
    return ok(
      viewConnection(tenant, tenant.store.tables.connections.put(merged as ConnectionEntity), scopes),
    );
  },
});

const remove = operation({
  id: "connections.delete",
  method: "DELETE",
  path: "/connections/:id",
  scopes: ["delete:connections"],
  handle: ({ params, tenant }) => {
    tenant.store.tables.connections.delete(params["id"] ?? "");
    return { status: 202, body: { deleted_at: new Date(tenant.now()).toISOString() } };
  },
});

/**
 * Whether the connector of an AD/LDAP connection is online; here none ever is, and other strategies do not
 * have one.
 */
const status = operation({
  id: "connections.status",
  method: "GET",
  path: "/connections/:id/status",
  scopes: ["read:connections"],
  handle: ({ params, tenant }) => {
    const { strategy } = findConnection(tenant.store, params["id"]);
    if (strategy === "ad") throw new ManagementError(404, "The connection is offline", "connection_offline");
    return ok({});
  },
});

export const connectionOperations: readonly Operation[] = [list, create, get, update, remove, status];

/** A connection as it is answered. Its options hold secrets, so only a caller who may read them gets them. */
function viewConnection(
  tenant: TenantContext,
  connection: ConnectionEntity,
  scopes: ReadonlySet<string>,
): Row {
  const shown = shownRow(tenant, "connections", connection);
  const { id, options, strategy, name, enabled_clients, realms, ...rest } = shown;
  return {
    id,
    ...(scopes.has(OPTION_SCOPES.read) ? { options } : {}),
    strategy,
    name,
    ...rest,
    enabled_clients,
    realms,
  };
}

/**
 * @throws {ManagementError} 400 in the words of the recording
 * TestAccConnectionCrossAppAccessRequestingAppNegative.
 */
function refuseCrossAppAccess(strategy: string, body: Body): void {
  if (!keepsUsers(strategy) || !isObject(body["cross_app_access_requesting_app"])) return;
  throw new ManagementError(
    400,
    "Cross App Access Requesting App is not supported for this connection.",
    "operation_not_supported",
  );
}

function checkClients(store: Store, clientIds: readonly string[]): void {
  const missing = clientIds.find((id) => store.tables.clients.get(id) === undefined);
  if (missing === undefined) return;
  throw new ManagementError(
    400,
    `Payload validation error: 'The client ${missing} does not exist' on property enabled_clients.`,
    "invalid_body",
  );
}
