import type { TenantContext } from "../../context.ts";
import { hashPassword } from "../../directory/passwords.ts";
import { ManagementError } from "../../lib/errors.ts";
import type { ConnectionEntity, UserEntity } from "../../store/entities.ts";
import { connectionNamed } from "../../store/find-by-name.ts";
import { keepsUsers } from "../connections/strategies.ts";
import { isObject, mergePatch, omit } from "../merge.ts";
import { checkPassword } from "./password-policy.ts";
import { takenIdentifier } from "./taken-identifier.ts";

type Patch = Record<string, unknown>;

/** Fields that say which identity a change is for, or ask for a mail; they are not part of the profile. */
const INSTRUCTIONS = ["connection", "client_id", "verify_email", "verify_phone_number", "verify_password"];
/** Fields that only users of the tenant's own stores can be given. */
const CREDENTIALS = ["email", "email_verified", "username", "password", "phone_number", "phone_verified"];
/** Fields that each sign-in at the directory writes again. */
const PROFILE = ["name", "nickname", "given_name", "family_name", "picture"];
/**
 * Fields that production changes one at a time (the Terraform provider refuses these pairs before it sends
 * them).
 */
const NOT_TOGETHER = [
  ["username", "password"],
  ["username", "email_verified"],
  ["password", "email_verified"],
] as const;

/**
 * The profile after a PATCH: metadata merge per top-level key, an empty object clears them, null removes a
 * field, the rest takes its place (recording TestAccUser).
 * @throws {ManagementError} 400 for a change that the user's connection does not allow, 409 for an address
 * that is taken.
 */
export async function patchedUser(
  tenant: TenantContext,
  user: UserEntity,
  patch: Patch,
): Promise<UserEntity> {
  const connection = connectionOf(tenant, user, patch["connection"]);
  refuseForeignFields(user, connection, patch);
  refuseTogether(patch);
  refuseTakenIdentifier(tenant, user, connection, patch);
  const hash = await newHash(connection, patch["password"]);
  const { user_metadata, app_metadata, ...rest } = patch;
  const fields = omit(rest, "password", ...INSTRUCTIONS);
  const merged = mergePatch(user, fields);
  if (typeof patch["email"] === "string") {
    merged["email"] = patch["email"].toLowerCase();
    if (patch["email_verified"] === undefined) merged["email_verified"] = false;
  }
  mergeMetadata(merged, "user_metadata", user_metadata);
  mergeMetadata(merged, "app_metadata", app_metadata);
  if (hash !== undefined) merged["password_hash"] = hash;
  merged["updated_at"] = new Date(tenant.now()).toISOString();
  // SAFETY: the schema lets no PATCH remove or retype user_id, identities or created_at.
  return merged as UserEntity;
}

function mergeMetadata(row: Patch, key: "user_metadata" | "app_metadata", patch: unknown): void {
  if (patch === undefined) return;
  const old = row[key];
  const empty = isObject(patch) && Object.keys(patch).length === 0;
  row[key] = empty || !isObject(patch) ? {} : mergePatch(isObject(old) ? old : {}, patch);
}

function connectionOf(tenant: TenantContext, user: UserEntity, named: unknown): ConnectionEntity | undefined {
  const name = typeof named === "string" ? named : user.identities[0]?.connection;
  if (typeof named === "string" && !user.identities.some((identity) => identity.connection === named)) {
    throw new ManagementError(400, "The connection does not exist.", "inexistent_connection");
  }
  return connectionNamed(tenant.store, name);
}

function refuseForeignFields(user: UserEntity, connection: ConnectionEntity | undefined, patch: Patch): void {
  const strategy = connection?.strategy ?? user.identities[0]?.provider ?? "auth0";
  if (keepsUsers(strategy)) return;
  const sync = connection?.options["set_user_root_attributes"] ?? "on_each_login";
  const locked = [...CREDENTIALS, ...(sync === "on_each_login" ? PROFILE : [])];
  const refused = Object.keys(patch).filter((key) => locked.includes(key));
  if (refused.length === 0) return;
  throw new ManagementError(
    400,
    `The following user attributes cannot be updated: ${refused.join(", ")}. The connection (${connection?.name ?? strategy}) ` +
      "should either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or has " +
      "disabled 'Sync user profile attributes at each login'. For more information, see " +
      "https://auth0.com/docs/dashboard/guides/connections/configure-connection-sync",
    "operation_not_supported",
  );
}

function refuseTogether(patch: Patch): void {
  const both = NOT_TOGETHER.find((pair) => pair.every((key) => (patch[key] ?? undefined) !== undefined));
  if (both === undefined) return;
  throw new ManagementError(
    400,
    `Cannot update ${both.join(" and ")} simultaneously`,
    "operation_not_supported",
  );
}

function refuseTakenIdentifier(
  tenant: TenantContext,
  user: UserEntity,
  connection: ConnectionEntity | undefined,
  { email, username }: Patch,
): void {
  const taken = takenIdentifier(tenant, connection?.name, { email, username }, user.user_id);
  if (taken === undefined) return;
  throw new ManagementError(400, `The specified new ${taken} already exists`, "auth0_idp_error");
}

async function newHash(
  connection: ConnectionEntity | undefined,
  password: unknown,
): Promise<string | undefined> {
  if (typeof password !== "string") return undefined;
  if (connection !== undefined) checkPassword(connection, password);
  return hashPassword(password);
}
