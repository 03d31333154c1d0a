import type { FlowLookups, UserGroup } from "../actions/types.ts";
import type { TenantContext } from "../context.ts";
import { directoryBehind, groupsOf } from "../directory/directory.ts";
import { employeeOf } from "../directory/sign-in-employee.ts";
import type { ConnectionEntity, UserEntity } from "../store/entities.ts";
import { rolesOf } from "../store/user-roles.ts";

const DEFAULT_TAKE = 50;
const MAX_TAKE = 100;

/**
 * What Actions ask the tenant about the user of the flow. The groups are those that Directory Sync would have
 * brought: of the same directory, with the same ids, and with those above them where the connection asks for
 * nested groups.
 */
export function flowLookups(
  context: TenantContext,
  user: UserEntity,
  connection: ConnectionEntity,
): FlowLookups {
  let known: UserGroup[] | undefined;
  const described = () => (known ??= describedGroups(context, user, connection));
  return {
    getUserGroups: async (page) => {
      const { rows, next } = paged(described(), page);
      return { groups: rows, ...next };
    },
    hasGroupMembership: async (wanted) => ({
      memberships: Object.fromEntries(wanted.map((key) => [key, membership(described(), key)])),
    }),
    getUserEffectiveRoles: async (page) => {
      const { rows, next } = paged(rolesOf(context.store, user), page);
      return { roles: rows.map(({ id, name }) => ({ id, name })), ...next };
    },
  };
}

function describedGroups(
  context: TenantContext,
  user: UserEntity,
  connection: ConnectionEntity,
): UserGroup[] {
  const employee = employeeOf(context, user, connection);
  if (employee === undefined) return [];
  const nested = connection.options["ext_nested_groups"] === true;
  const groups = groupsOf(directoryBehind(context.directory, connection), employee, { nested });
  const created = new Date(Date.parse(user.created_at)).toISOString();
  return groups.map((group) => ({
    id: `grp_${group.id.replace(/-/g, "").slice(0, 16)}`,
    name: group.name,
    external_id: group.id,
    connection_id: connection.id,
    tenant_name: tenantName(context),
    created_at: created,
    updated_at: created,
    membership_created_at: created,
    assignment: employee.groups.includes(group.name) ? "direct" : "inherited",
  }));
}

/** `event.tenant.id`: in production it is the first label of the domain. */
export function tenantName(context: TenantContext): string {
  return context.domain.split(/[.:]/)[0] ?? "localhost";
}

function membership(
  groups: readonly UserGroup[],
  key: string,
): { is_member: boolean; matches?: { id: string; name: string; group_type: string }[] } {
  const matches = groups.filter((group) => [group.id, group.name, group.external_id].includes(key));
  if (matches.length === 0) return { is_member: false };
  return {
    is_member: true,
    matches: matches.map(({ id, name }) => ({ id, name, group_type: "connection" })),
  };
}

function paged<Row extends { id: string }>(
  rows: readonly Row[],
  page: { take?: number; from?: string },
): { rows: Row[]; next: { next?: string } } {
  const found = page.from === undefined ? 0 : rows.findIndex((row) => row.id === page.from);
  if (found < 0) throw new Error(`No page begins at ${JSON.stringify(page.from)}.`);
  const take = Math.min(page.take ?? DEFAULT_TAKE, MAX_TAKE);
  const following = rows[found + take];
  return {
    rows: rows.slice(found, found + take),
    next: following === undefined ? {} : { next: following.id },
  };
}
