import type { TenantContext } from "../../context.ts";
import { flowLookups } from "../../post-login/flow-lookups.ts";
import type { UserEntity } from "../../store/entities.ts";
import type { Permission } from "../../store/entities.ts";
import { connectionNamed } from "../../store/find-by-name.ts";
import { directPermissionsOf, roleIdsOf, rolesOf } from "../../store/user-roles.ts";
import { arrayOf, object, string } from "../json-schema.ts";
import { noContent, ok, operation } from "../operation.ts";
import type { Operation } from "../operation.ts";
import { checkpointAnswer, checkpointQuery, listAnswer, pageQuery } from "../paging.ts";
import {
  describePermission,
  permissionsBody,
  same,
  withoutPermissions,
  withPermissions,
} from "../permissions.ts";
import { findRole, viewRole } from "../roles.ts";
import { findUser } from "./find-user.ts";

const rolesBody = object({ "roles!": arrayOf(string({ minLength: 1 }), { minItems: 1 }) });

const listRoles = operation({
  id: "users.roles.list",
  method: "GET",
  path: "/users/:id/roles",
  scopes: ["read:users", "read:roles", "read:role_members"],
  query: pageQuery,
  handle: ({ params, query, tenant }) => {
    const roles = rolesOf(tenant.store, findUser(tenant.store, params["id"]));
    return ok(listAnswer("roles", roles.sort((a, b) => a.name.localeCompare(b.name)).map(viewRole), query));
  },
});

const addRoles = operation<{ roles: string[] }>({
  id: "users.roles.add",
  method: "POST",
  path: "/users/:id/roles",
  scopes: ["update:users", "create:role_members"],
  body: rolesBody,
  handle: ({ params, body, tenant }) => {
    const user = findUser(tenant.store, params["id"]);
    const ids = body.roles.map((id) => findRole(tenant, id).id);
    tenant.store.tables.users.put({ ...user, roles: [...new Set([...roleIdsOf(user), ...ids])] });
    return noContent;
  },
});

const removeRoles = operation<{ roles: string[] }>({
  id: "users.roles.remove",
  method: "DELETE",
  path: "/users/:id/roles",
  scopes: ["update:users", "delete:role_members"],
  body: rolesBody,
  handle: ({ params, body, tenant }) => {
    const user = findUser(tenant.store, params["id"]);
    const roles = roleIdsOf(user).filter((id) => !body.roles.includes(id));
    tenant.store.tables.users.put({ ...user, roles });
    return noContent;
  },
});

const listPermissions = operation({
  id: "users.permissions.list",
  method: "GET",
  path: "/users/:id/permissions",
  scopes: ["read:users"],
  query: pageQuery,
  handle: ({ params, query, tenant }) => {
    const user = findUser(tenant.store, params["id"]);
    const sources = sourcesOf(tenant, user);
    const all = sources
      .map(({ permission }) => permission)
      .filter((permission, index, list) => list.findIndex((other) => same(other, permission)) === index);
    const rows = all
      .sort((a, b) => a.permission_name.localeCompare(b.permission_name))
      .map((permission) => ({
        ...describePermission(tenant, permission),
        sources: sources.filter((row) => same(row.permission, permission)).map(({ source }) => source),
      }));
    return ok(listAnswer("permissions", rows, query));
  },
});

const addPermissions = operation<{ permissions: Permission[] }>({
  id: "users.permissions.add",
  method: "POST",
  path: "/users/:id/permissions",
  scopes: ["update:users"],
  body: permissionsBody,
  handle: ({ params, body, tenant }) => {
    const user = findUser(tenant.store, params["id"]);
    const permissions = withPermissions(tenant, directPermissionsOf(user), body.permissions);
    tenant.store.tables.users.put({ ...user, permissions });
    return { status: 201, body: {} };
  },
});

const removePermissions = operation<{ permissions: Permission[] }>({
  id: "users.permissions.remove",
  method: "DELETE",
  path: "/users/:id/permissions",
  scopes: ["update:users"],
  body: permissionsBody,
  handle: ({ params, body, tenant }) => {
    const user = findUser(tenant.store, params["id"]);
    const permissions = withoutPermissions(tenant, directPermissionsOf(user), body.permissions);
    tenant.store.tables.users.put({ ...user, permissions });
    return noContent;
  },
});

/** The directory's groups of a user, as Directory Sync would have brought them. */
const listGroups = operation({
  id: "users.groups.list",
  method: "GET",
  path: "/users/:id/groups",
  scopes: ["read:groups"],
  query: checkpointQuery,
  handle: async ({ params, query, tenant }) => {
    const user = findUser(tenant.store, params["id"]);
    const name = user.identities[0]?.connection;
    const connection = connectionNamed(tenant.store, name);
    if (connection === undefined) return ok({ groups: [] });
    const { groups } = await flowLookups(tenant, user, connection).getUserGroups({ take: 100 });
    return ok(checkpointAnswer("groups", groups, query, (group) => group.id));
  },
});

export const assignmentOperations: readonly Operation[] = [
  listRoles,
  addRoles,
  removeRoles,
  listPermissions,
  addPermissions,
  removePermissions,
  listGroups,
];

interface Source {
  readonly permission: Permission;
  readonly source: { source_id: string; source_name: string; source_type: "DIRECT" | "ROLE" };
}

function sourcesOf(tenant: TenantContext, user: UserEntity): Source[] {
  const direct = directPermissionsOf(user).map((permission) => ({
    permission,
    source: { source_id: "", source_name: "", source_type: "DIRECT" as const },
  }));
  const viaRoles = rolesOf(tenant.store, user).flatMap((role) =>
    role.permissions.map((permission) => ({
      permission,
      source: { source_id: role.id, source_name: role.name, source_type: "ROLE" as const },
    })),
  );
  return [...direct, ...viaRoles];
}
