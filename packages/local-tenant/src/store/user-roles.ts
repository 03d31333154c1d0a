import type { Permission, RoleEntity, UserEntity } from "./entities.ts";
import type { Table } from "./table.ts";

/** Ids of the roles that were assigned to a user. */
export function roleIdsOf(user: UserEntity): string[] {
  const roles = user["roles"];
  return Array.isArray(roles) ? roles.filter((id) => typeof id === "string") : [];
}

/** The part of a store that roles are looked up in. */
interface Roles {
  readonly tables: { readonly roles: Pick<Table<RoleEntity>, "get"> };
}

/** The roles that were assigned to a user, in the order of their assignment. */
export function rolesOf(store: Roles, user: UserEntity): RoleEntity[] {
  return roleIdsOf(user)
    .map((id) => store.tables.roles.get(id))
    .filter((role) => role !== undefined);
}

/** The permissions that were given to a user without a role between. */
export function directPermissionsOf(user: UserEntity): Permission[] {
  const permissions = user["permissions"];
  return Array.isArray(permissions) ? permissions.filter(isPermission) : [];
}

function isPermission(value: unknown): value is Permission {
  if (typeof value !== "object" || value === null) return false;
  const { resource_server_identifier, permission_name } = value as Partial<Record<keyof Permission, unknown>>;
  return typeof resource_server_identifier === "string" && typeof permission_name === "string";
}
