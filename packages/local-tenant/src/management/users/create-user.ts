import { createHash } from "node:crypto";
import type { TenantContext } from "../../context.ts";
import { hashPassword } from "../../directory/passwords.ts";
import { ManagementError } from "../../lib/errors.ts";
import type { ConnectionEntity, UserEntity } from "../../store/entities.ts";
import { connectionNamed } from "../../store/find-by-name.ts";
import { USER_IDENTIFIERS } from "../connections/strategies.ts";
import { omit } from "../merge.ts";
import { checkPassword } from "./password-policy.ts";
import { takenIdentifier } from "./taken-identifier.ts";

/** Body of `POST /users`, after its shape was checked. */
export interface NewUser {
  connection: string;
  user_id?: string;
  email?: string;
  phone_number?: string;
  username?: string;
  password?: string;
  email_verified?: boolean;
  name?: string;
  nickname?: string;
  picture?: string;
  verify_email?: boolean;
  user_metadata?: Record<string, unknown>;
  app_metadata?: Record<string, unknown>;
  [key: string]: unknown;
}

/**
 * Makes the profile of a new user of a database or passwordless connection.
 * @throws {ManagementError} 400 for an unknown or unfit connection, a missing identifier or a weak password.
 */
export async function newUser(tenant: TenantContext, body: NewUser): Promise<UserEntity> {
  const connection = connectionNamed(tenant.store, body.connection);
  if (connection === undefined) {
    throw new ManagementError(400, "The connection does not exist.", "inexistent_connection");
  }
  checkIdentifier(connection, body);
  const hash = body.password === undefined ? undefined : await hashPassword(body.password);
  const email = body.email?.toLowerCase();
  const id = body.user_id ?? tenant.ids.hex(24);
  const user_id = `${connection.strategy}|${id}`;
  const date = new Date(tenant.now()).toISOString();
  const label = email ?? body.phone_number ?? body.username ?? user_id;
  return {
    created_at: date,
    email_verified: false,
    name: label,
    nickname: label.split("@")[0] ?? label,
    picture: pictureOf(label),
    ...omit(body, "connection", "user_id", "password", "verify_email"),
    ...(email === undefined ? {} : { email }),
    identities: [
      { connection: connection.name, user_id: id, provider: connection.strategy, isSocial: false },
    ],
    updated_at: date,
    user_id,
    ...(hash === undefined ? {} : { password_hash: hash }),
  };
}

function checkIdentifier(connection: ConnectionEntity, body: NewUser): void {
  const identifier = USER_IDENTIFIERS[connection.strategy];
  if (identifier === undefined) {
    throw new ManagementError(
      400,
      `Cannot create a user in the ${connection.strategy} connection ${connection.name}: its users are made when they sign in.`,
      "operation_not_supported",
    );
  }
  const named =
    body[identifier] ?? (connection.strategy === "auth0" ? (body.username ?? body.phone_number) : undefined);
  if (named === undefined) throw missing(identifier);
  if (connection.strategy !== "auth0") return;
  if (body.password === undefined) throw missing("password");
  checkPassword(connection, body.password);
}

function missing(property: string): ManagementError {
  return new ManagementError(
    400,
    `Payload validation error: 'Missing required property: ${property}'.`,
    "invalid_body",
  );
}

/**
 * @throws {ManagementError} 409 when there is a user of that id, or of that address, name or number on the
 * connection.
 */
export function refuseKnownUser(tenant: TenantContext, wanted: UserEntity): void {
  const known =
    tenant.store.tables.users.get(wanted.user_id) ??
    takenIdentifier(tenant, wanted.identities[0]?.connection, wanted);
  if (known !== undefined) throw new ManagementError(409, "The user already exists.", "auth0_idp_error");
}

/** Where production finds a picture: Gravatar, by the MD5 of the address, with letters to fall back on. */
function pictureOf(label: string): string {
  const hash = createHash("md5").update(label.toLowerCase()).digest("hex");
  const letters = encodeURIComponent(label.slice(0, 2).toLowerCase());
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(`https://cdn.auth0.com/avatars/${letters}.png`)}`;
}
