import type { ConnectionEntity } from "../../entities.ts";
import { ManagementError } from "../../errors.ts";

const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];

/** Shortest length and how many kinds of characters, by policy (docs authenticate/database-connections/password-strength). */
const POLICIES: Readonly<Record<string, { length: number; kinds: number }>> = {
  none: { length: 1, kinds: 0 },
  low: { length: 6, kinds: 0 },
  fair: { length: 8, kinds: 3 },
  good: { length: 8, kinds: 3 },
  excellent: { length: 10, kinds: 3 },
};

/** @throws {ManagementError} 400 when the password is weaker than the connection's policy. */
export function checkPassword(connection: ConnectionEntity, password: string): void {
  const name = connection.options["passwordPolicy"];
  const policy = POLICIES[typeof name === "string" ? name : "none"] ?? { length: 1, kinds: 0 };
  const kinds = CLASSES.filter((pattern) => pattern.test(password)).length;
  const repeated = name === "excellent" && /(.)\1\1/.test(password);
  if (password.length >= policy.length && kinds >= policy.kinds && !repeated) return;
  throw new ManagementError(400, "PasswordStrengthError: Password is too weak", "invalid_body");
}
