import type { TenantContext } from "../context.ts";
import { ManagementError } from "../lib/errors.ts";
import type { RoleEntity } from "../store/entities.ts";
import type { Permission } from "../store/entities.ts";
import { roleIdsOf } from "../store/user-roles.ts";
import { nullable, object, oneOf, patchOf, string } from "./json-schema.ts";
import { found } from "./not-found.ts";
import { ok, operation } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { checkpointQuery, listAnswer, pagedAnswer, pageQuery } from "./paging.ts";
import { withoutPermissions, withPermissions, permissionsBody, describePermission } from "./permissions.ts";
import { findUser } from "./users/find-user.ts";

interface NewRole {
  name: string;
  description?: string | null;
  type?: "tenant" | "organization";
  owner_id?: string;
}

/**
 * The owner of a role can be set only when the role is made (recording
 * TestAccRoleTypeAndOwnerIDAreCreateOnly of the Terraform provider).
 */
const createRole = object({
  "name!": string({ minLength: 1, maxLength: 255 }),
  description: nullable(string({ maxLength: 1000 })),
  type: oneOf("tenant", "organization"),
  owner_id: string({ minLength: 1 }),
});
const updateRole = patchOf(createRole, { type: undefined, owner_id: undefined });

const list = operation({
  id: "roles.list",
  method: "GET",
  path: "/roles",
  scopes: ["read:roles"],
  query: pageQuery,
  handle: ({ query, tenant }) => {
    const filter = query["name_filter"]?.toLowerCase();
    const rows = tenant.store.tables.roles
      .list((role) => filter === undefined || role.name.toLowerCase().includes(filter))
      .map(viewRole);
    return ok(listAnswer("roles", rows, query));
  },
});

/** Answers 200, not 201, as production does (recording TestAccRole). */
const create = operation<NewRole>({
  id: "roles.create",
  method: "POST",
  path: "/roles",
  scopes: ["create:roles"],
  body: createRole,
  handle: ({ body, tenant }) => {
    const { roles } = tenant.store.tables;
    const { name, description = null, type, owner_id } = body;
    if (type === "organization" || owner_id !== undefined) {
      throw new ManagementError(404, "No organization found by that id or name");
    }
    refuseTakenName(tenant, name);
    const role = { id: tenant.ids.prefixed("rol_"), name, description, permissions: [] };
    return ok(viewRole(roles.put(role)));
  },
});

const get = operation({
  id: "roles.get",
  method: "GET",
  path: "/roles/:id",
  scopes: ["read:roles"],
  handle: ({ params, tenant }) => ok(viewRole(findRole(tenant, params["id"]))),
});

const update = operation<{ name?: string; description?: string | null }>({
  id: "roles.update",
  method: "PATCH",
  path: "/roles/:id",
  scopes: ["update:roles"],
  body: updateRole,
  handle: ({ params, body, tenant }) => {
    const role = findRole(tenant, params["id"]);
    if (body.name !== undefined && body.name !== role.name) refuseTakenName(tenant, body.name);
    return ok(viewRole(tenant.store.tables.roles.put({ ...role, ...body })));
  },
});

const remove = operation({
  id: "roles.delete",
  method: "DELETE",
  path: "/roles/:id",
  scopes: ["delete:roles"],
  handle: ({ params, tenant }) => {
    const { roles, users } = tenant.store.tables;
    const role = findRole(tenant, params["id"]);
    roles.delete(role.id);
    for (const user of users.by("role", role.id)) {
      users.put({ ...user, roles: roleIdsOf(user).filter((id) => id !== role.id) });
    }
    return ok({});
  },
});

const listPermissions = operation({
  id: "roles.permissions.list",
  method: "GET",
  path: "/roles/:id/permissions",
  scopes: ["read:roles"],
  query: pageQuery,
  handle: ({ params, query, tenant }) => {
    const rows = findRole(tenant, params["id"]).permissions.map((row) => describePermission(tenant, row));
    return ok(listAnswer("permissions", rows.sort(byPermissionName), query));
  },
});

const addPermissions = operation<{ permissions: Permission[] }>({
  id: "roles.permissions.add",
  method: "POST",
  path: "/roles/:id/permissions",
  scopes: ["update:roles"],
  body: permissionsBody,
  handle: ({ params, body, tenant }) => {
    const role = findRole(tenant, params["id"]);
    const permissions = withPermissions(tenant, role.permissions, body.permissions);
    tenant.store.tables.roles.put({ ...role, permissions });
    return { status: 201, body: {} };
  },
});

const removePermissions = operation<{ permissions: Permission[] }>({
  id: "roles.permissions.remove",
  method: "DELETE",
  path: "/roles/:id/permissions",
  scopes: ["update:roles"],
  body: permissionsBody,
  handle: ({ params, body, tenant }) => {
    const role = findRole(tenant, params["id"]);
    const permissions = withoutPermissions(tenant, role.permissions, body.permissions);
    tenant.store.tables.roles.put({ ...role, permissions });
    return { status: 204 };
  },
});

const listUsers = operation({
  id: "roles.users.list",
  method: "GET",
  path: "/roles/:id/users",
  scopes: ["read:users", "read:roles", "read:role_members"],
  query: { ...pageQuery, ...checkpointQuery },
  handle: ({ params, query, tenant }) => {
    const role = findRole(tenant, params["id"]);
    const rows = tenant.store.tables.users
      .by("role", role.id)
      .map(({ user_id, email, name, picture }) => ({ user_id, email, name, picture }));
    return ok(pagedAnswer("users", rows, query, (row) => row.user_id));
  },
});

const assignUsers = operation<{ users: string[] }>({
  id: "roles.users.assign",
  method: "POST",
  path: "/roles/:id/users",
  scopes: ["update:roles", "create:role_members"],
  body: object({ "users!": { type: "array", items: string({ minLength: 1 }), minItems: 1 } }),
  handle: ({ params, body, tenant }) => {
    const { users } = tenant.store.tables;
    const role = findRole(tenant, params["id"]);
    const rows = body.users.map((id) => findUser(tenant.store, id));
    for (const user of rows) {
      users.put({ ...user, roles: [...new Set([...roleIdsOf(user), role.id])] });
    }
    return ok({});
  },
});

export const roleOperations: readonly Operation[] = [
  list,
  create,
  get,
  update,
  remove,
  listPermissions,
  addPermissions,
  removePermissions,
  listUsers,
  assignUsers,
];

/**
 * @throws {ManagementError} 404 when the role does not exist.
 */
export function findRole(tenant: TenantContext, id: string | undefined): RoleEntity {
  return found(tenant.store.tables.roles.get(id ?? ""), "The role does not exist.", "inexistent_role");
}

/** A role as it is answered: its permissions have a list of their own. */
export function viewRole({ id, name, description }: RoleEntity): Record<string, unknown> {
  return { id, name, description, type: "tenant" };
}

function refuseTakenName(tenant: TenantContext, name: string): void {
  if (tenant.store.tables.roles.by("name", name).length === 0) return;
  throw new ManagementError(409, `A role with the name ${name} already exists.`, "role_conflict");
}

function byPermissionName(a: Record<string, unknown>, b: Record<string, unknown>): number {
  return String(a["permission_name"]).localeCompare(String(b["permission_name"]));
}
