import type { UserEntity } from "../../store/entities.ts";

/** Fields that are kept with a user and never answered. */
const KEPT = ["password_hash", "roles", "permissions"];

/** A profile as `GET /users/{id}` answers it. */
export function viewUser(user: UserEntity): Record<string, unknown> {
  return Object.fromEntries(Object.entries(user).filter(([key]) => !KEPT.includes(key)));
}
