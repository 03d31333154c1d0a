import type { TenantContext } from "../../context.ts";
import type { UserEntity } from "../../store/entities.ts";

/** What tells the users of one connection apart. */
const IDENTIFIERS = ["email", "username", "phone_number"] as const;
type Identifier = (typeof IDENTIFIERS)[number];

/**
 * Which of these identifiers another user of the connection has already, if any. Addresses are the same in
 * any case.
 */
export function takenIdentifier(
  tenant: TenantContext,
  connection: string | undefined,
  wanted: Readonly<Partial<Record<Identifier, unknown>>>,
  exceptUserId?: string,
): Identifier | undefined {
  const others = tenant.store.tables.users.list(
    ({ user_id, identities }) =>
      user_id !== exceptUserId && identities.some((identity) => identity.connection === connection),
  );
  for (const other of others) {
    const taken = IDENTIFIERS.find((key) => isSame(wanted[key], other, key));
    if (taken !== undefined) return taken;
  }
  return undefined;
}

function isSame(wanted: unknown, other: UserEntity, key: Identifier): boolean {
  const known = other[key];
  if (typeof wanted !== "string" || typeof known !== "string") return false;
  return key === "email" ? known.toLowerCase() === wanted.toLowerCase() : known === wanted;
}
