import { createHash } from "node:crypto";
import type { ConnectionEntity, UserEntity } from "../store/entities.ts";
import { groupsOf, remembered } from "./directory.ts";
import type { DirectoryGroup, EntraTenant, Employee } from "./directory.ts";

/** Attributes of a profile's root, as the identity provider gives them at this sign-in. */
export type ProfileAttributes = Record<string, unknown> & { email: string; name: string };

/**
 * What Azure AD tells Auth0 about an employee, as far as the connection's options ask for it:
 * `basic_profile` is always given, `ext_profile` adds job and department, `ext_groups` the direct groups and
 * `ext_nested_groups` those above them, up to `max_groups_to_retrieve`. `groups` are names and `group_ids`
 * object ids, as production has them on native connections (docs
 * authenticate/identity-providers/enterprise-identity-providers/azure-active-directory/v2).
 */
export function directoryProfile(
  directory: EntraTenant,
  employee: Employee,
  options: ConnectionEntity["options"],
): ProfileAttributes {
  return {
    email: employee.email,
    email_verified: options["should_trust_email_verified_connection"] === "always_set_emails_as_verified",
    name: employee.name,
    given_name: employee.givenName,
    family_name: employee.familyName,
    nickname: employee.email.split("@")[0] ?? employee.email,
    upn: employee.email,
    oid: employee.id,
    ...(typeof options["tenant_domain"] === "string" ? { tenantid: options["tenant_domain"] } : {}),
    ...(options["ext_profile"] === true
      ? { job_title: employee.jobTitle, department: employee.department }
      : {}),
    ...(options["ext_groups"] === true ? groupAttributes(directory, employee, options) : {}),
  };
}

interface GroupAttributes {
  readonly groups: readonly string[];
  readonly group_ids?: readonly string[];
}

/**
 * Each is worked out once for a directory: somebody may be in thousands of groups, and whoever signs in again
 * gets the very lists that their profile has already.
 */
const known = remembered(() => new Map<string, GroupAttributes>());

function groupAttributes(
  directory: EntraTenant,
  employee: Employee,
  options: ConnectionEntity["options"],
): GroupAttributes {
  const nested = options["ext_nested_groups"] === true;
  const limit = Number(options["max_groups_to_retrieve"]);
  const withIds = options["ext_group_ids"] !== false;
  const key = [employee.id, nested, limit, withIds].join(" ");
  const attributes =
    known(directory).get(key) ?? listed(groupsOf(directory, employee, { nested }), limit, withIds);
  known(directory).set(key, attributes);
  return attributes;
}

function listed(all: readonly DirectoryGroup[], limit: number, withIds: boolean): GroupAttributes {
  const kept = Number.isInteger(limit) && limit > 0 ? all.slice(0, limit) : all;
  return {
    groups: kept.map((group) => group.name),
    ...(withIds && { group_ids: kept.map((group) => group.id) }),
  };
}

/**
 * The part of an employee's user id that names them: connection and object id (`waad|azure-ad|OID` as a
 * whole), or with `userid_attribute: "sub"` an id that is another one for each Entra application.
 */
export function directoryIdentity(employee: Employee, connection: ConnectionEntity): string {
  if (connection.options["userid_attribute"] !== "sub") return `${connection.name}|${employee.id}`;
  const application = JSON.stringify(connection.options["client_id"] ?? "");
  return createHash("sha256").update(`${application} ${employee.id}`).digest("base64url");
}

/**
 * Attributes that a directory decides. One that it no longer gives is taken from the profile at the next
 * sign-in.
 */
const DIRECTORY_ATTRIBUTES = new Set([
  "email",
  "email_verified",
  "name",
  "given_name",
  "family_name",
  "nickname",
  "upn",
  "oid",
  "tenantid",
  "job_title",
  "department",
  "groups",
  "group_ids",
]);

/**
 * The profile after a sign-in with these attributes. `set_user_root_attributes` of the connection decides
 * about those on the root: `on_each_login` (also when absent), `on_first_login` or `never_on_login`.
 */
export function mergeProfile(
  user: UserEntity,
  attributes: ProfileAttributes,
  options: ConnectionEntity["options"],
  isNew: boolean,
): UserEntity {
  const when = options["set_user_root_attributes"];
  if (when === "never_on_login" || (when === "on_first_login" && !isNew)) return user;
  const merged: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(user)) if (!DIRECTORY_ATTRIBUTES.has(key)) merged[key] = value;
  // Not `{ ...merged, ...attributes }`, which takes V8 ten times as long for as many attributes.
  // SAFETY: no key that UserEntity requires is among those a directory decides.
  return Object.assign(merged, attributes) as unknown as UserEntity;
}
