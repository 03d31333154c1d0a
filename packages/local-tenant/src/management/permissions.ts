import type { TenantContext } from "../context.ts";
import { ManagementError } from "../lib/errors.ts";
import type { Permission } from "../store/entities.ts";
import { apiNamed } from "../store/find-by-name.ts";
import { shownText, storedIdentifier } from "../store/own-address.ts";
import { arrayOf, object, string } from "./json-schema.ts";
import type { Schema } from "./json-schema.ts";

/** Body of the calls that add and remove permissions. */
export const permissionsBody: Schema = object({
  "permissions!": arrayOf(
    object({
      "resource_server_identifier!": string({ minLength: 1 }),
      "permission_name!": string({ minLength: 1 }),
    }),
    { minItems: 1 },
  ),
});

/**
 * The old permissions and the new ones, each once.
 * @throws {ManagementError} 404 for an unknown API, 400 for a scope that the API does not define.
 */
export function withPermissions(
  tenant: TenantContext,
  old: readonly Permission[],
  added: readonly Permission[],
): Permission[] {
  const list = [...old];
  for (const permission of added) {
    check(tenant, permission);
    const stored = storedPermission(tenant, permission);
    if (!list.some((known) => same(known, stored))) list.push(stored);
  }
  return list;
}

/** The permissions without some of them; a permission that was not there is not an error. */
export function withoutPermissions(
  tenant: TenantContext,
  old: readonly Permission[],
  removed: readonly Permission[],
): Permission[] {
  const stored = removed.map((permission) => storedPermission(tenant, permission));
  return old.filter((permission) => !stored.some((other) => same(permission, other)));
}

function storedPermission(tenant: TenantContext, permission: Permission): Permission {
  const identifier = storedIdentifier(tenant, permission.resource_server_identifier);
  return { ...permission, resource_server_identifier: identifier };
}

export function same(a: Permission, b: Permission): boolean {
  return (
    a.permission_name === b.permission_name && a.resource_server_identifier === b.resource_server_identifier
  );
}

/** A permission as lists answer it, with the names that its API gives. */
export function describePermission(tenant: TenantContext, permission: Permission): Record<string, unknown> {
  const server = apiNamed(tenant, permission.resource_server_identifier);
  const scope = server?.scopes?.find(({ value }) => value === permission.permission_name);
  return {
    permission_name: permission.permission_name,
    description: scope?.description ?? "",
    resource_server_name: server?.name ?? "",
    resource_server_identifier: shownText(tenant, permission.resource_server_identifier),
  };
}

function check(tenant: TenantContext, permission: Permission): void {
  const { resource_server_identifier: identifier, permission_name: name } = permission;
  const server = apiNamed(tenant, permission.resource_server_identifier);
  if (server === undefined) {
    throw new ManagementError(
      404,
      `The resource server ${identifier} does not exist`,
      "inexistent_resource_server",
    );
  }
  if (server.scopes?.some(({ value }) => value === name) === true) return;
  throw new ManagementError(
    400,
    `The permission ${name} is not defined in the resource server ${identifier}`,
    "invalid_body",
  );
}
