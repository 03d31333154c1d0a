import type { TenantContext } from "../context.ts";
import { ManagementError } from "../lib/errors.ts";
import type { ClientGrantEntity } from "../store/entities.ts";
import { apiNamed } from "../store/find-by-name.ts";
import { shownRow, storedIdentifier, storedRow } from "../store/own-address.ts";
import { arrayOf, boolean, nullable, object, oneOf, string } from "./json-schema.ts";
import { mergePatch } from "./merge.ts";
import { found } from "./not-found.ts";
import { created, noContent, ok, operation } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { checkpointQuery, pagedAnswer, pageQuery } from "./paging.ts";

type Body = Record<string, unknown>;

const usage = oneOf("deny", "allow", "require");
const scopes = arrayOf(string({ minLength: 1, maxLength: 280 }));

const list = operation({
  id: "clientGrants.list",
  method: "GET",
  path: "/client-grants",
  scopes: ["read:client_grants"],
  query: { ...pageQuery, ...checkpointQuery, allow_any_organization: boolean },
  handle: ({ query, tenant }) => {
    const { client_id, subject_type, allow_any_organization } = query;
    const audience = query["audience"] && storedIdentifier(tenant, query["audience"]);
    const rows = tenant.store.tables.clientGrants.list(
      (grant) =>
        (audience === undefined || grant.audience === audience) &&
        (client_id === undefined || grant.client_id === client_id) &&
        (subject_type === undefined || grant["subject_type"] === subject_type) &&
        (allow_any_organization === undefined ||
          (grant["allow_any_organization"] === true) === (allow_any_organization === "true")),
    );
    return ok(
      pagedAnswer(
        "client_grants",
        rows,
        query,
        (grant) => grant.id,
        (grant) => viewGrant(tenant, grant),
      ),
    );
  },
});

const create = operation<Body>({
  id: "clientGrants.create",
  method: "POST",
  path: "/client-grants",
  scopes: ["create:client_grants"],
  body: object({
    client_id: string({ minLength: 1 }),
    "audience!": string({ minLength: 1 }),
    scope: scopes,
    subject_type: oneOf("client", "user", "anonymous_user"),
    organization_usage: usage,
    allow_any_organization: boolean,
    authorization_details_types: arrayOf(string()),
    allow_all_scopes: boolean,
    default_for: oneOf("third_party_clients"),
  }),
  handle: ({ body, tenant }) => {
    const { tables } = tenant.store;
    checkParties(tenant, body);
    checkScopes(tenant, body["audience"], body);
    const grant = storedRow(tenant, "clientGrants", {
      id: tenant.ids.prefixed("cgr_"),
      scope: [],
      subject_type: "client",
      ...body,
    } as unknown as ClientGrantEntity); // SAFETY: checkParties and the schema guarantee client_id and audience.
    const { client_id, audience } = grant;
    const grants = tables.clientGrants;
    const alike = client_id === undefined ? grants.by("audience", audience) : grants.by("client", client_id);
    const twin = alike.find(
      (row) =>
        row.client_id === client_id &&
        row.audience === audience &&
        (row["subject_type"] ?? "client") === grant["subject_type"],
    );
    if (twin !== undefined) {
      throw new ManagementError(409, "client_grant already exists");
    }
    return created(viewGrant(tenant, tables.clientGrants.put(withoutScopes(grant))));
  },
});

const get = operation({
  id: "clientGrants.get",
  method: "GET",
  path: "/client-grants/:id",
  scopes: ["read:client_grants"],
  handle: ({ params, tenant }) => ok(viewGrant(tenant, findGrant(tenant, params["id"]))),
});

const update = operation<Body>({
  id: "clientGrants.update",
  method: "PATCH",
  path: "/client-grants/:id",
  scopes: ["update:client_grants"],
  body: object({
    scope: nullable(scopes),
    organization_usage: nullable(usage),
    allow_any_organization: nullable(boolean),
    authorization_details_types: arrayOf(string()),
    allow_all_scopes: nullable(boolean),
  }),
  handle: ({ params, body, tenant }) => {
    const old = findGrant(tenant, params["id"]);
    checkScopes(tenant, old.audience, body);
    // SAFETY: the schema lets no PATCH touch id, client_id or audience.
    const grant = mergePatch({ ...old }, body) as ClientGrantEntity;
    return ok(viewGrant(tenant, tenant.store.tables.clientGrants.put(withoutScopes(grant))));
  },
});

const remove = operation({
  id: "clientGrants.delete",
  method: "DELETE",
  path: "/client-grants/:id",
  scopes: ["delete:client_grants"],
  handle: ({ params, tenant }) => {
    tenant.store.tables.clientGrants.delete(params["id"] ?? "");
    return noContent;
  },
});

export const clientGrantOperations: readonly Operation[] = [list, create, get, update, remove];

function findGrant(tenant: TenantContext, id: string | undefined): ClientGrantEntity {
  return found(
    tenant.store.tables.clientGrants.get(id ?? ""),
    "The client grant does not exist",
    "inexistent_client_grant",
  );
}

/** With `allow_all_scopes` a grant has no list of its own (recording TestAccClientGrant). */
function viewGrant(tenant: TenantContext, grant: ClientGrantEntity): Record<string, unknown> {
  const { scope, ...rest } = shownRow(tenant, "clientGrants", grant);
  const { id, client_id, audience, ...more } = rest;
  return {
    id,
    ...(client_id === undefined ? {} : { client_id }),
    audience,
    ...(grant["allow_all_scopes"] === true ? {} : { scope }),
    ...more,
  };
}

function withoutScopes(grant: ClientGrantEntity): ClientGrantEntity {
  return grant["allow_all_scopes"] === true
    ? { ...grant, scope: [] }
    : { ...grant, scope: grant.scope ?? [] };
}

function checkParties(tenant: TenantContext, body: Body): void {
  const { clients } = tenant.store.tables;
  const forMany = body["client_id"] === undefined && body["default_for"] !== undefined;
  if (!forMany && clients.get(String(body["client_id"])) === undefined) {
    throw new ManagementError(404, "Client not found", "inexistent_client");
  }
  if (apiNamed(tenant, body["audience"]) === undefined) {
    throw new ManagementError(
      404,
      `No resource with identifier ${String(body["audience"])}`,
      "inexistent_resource_server",
    );
  }
}

/**
 * Does not check that the API defines a scope, because production does not check it (recording
 * TestAccOrganizationClientGrant of the Terraform provider).
 * @throws {ManagementError} 400 for `allow_all_scopes`, true or false, on an API of Auth0's own (issue 1069
 * of pulumi-auth0).
 */
function checkScopes(tenant: TenantContext, audience: unknown, body: Body): void {
  if (body["allow_all_scopes"] === undefined) return;
  const server = apiNamed(tenant, audience);
  if (server?.is_system !== true) return;
  throw new ManagementError(
    400,
    "`allow_all_scopes` cannot be provided when `audience` is a system API",
    "invalid_body",
  );
}
