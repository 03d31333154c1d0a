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
  return IDENTIFIERS.find((key) => {
    const text = wanted[key];
    if (typeof text !== "string") return false;
    const others = tenant.store.tables.users.by("identifier", text.toLowerCase());
    return others.some(
      (other) =>
        other.user_id !== exceptUserId &&
        other.identities.some((identity) => identity.connection === connection) &&
        isSame(text, other, key),
    );
  });
}

function isSame(wanted: string, other: UserEntity, key: Identifier): boolean {
  const known = other[key];
  if (typeof known !== "string") return false;
  return key === "email" ? known.toLowerCase() === wanted.toLowerCase() : known === wanted;
}
