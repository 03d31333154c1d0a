import type { Identifier } from "./effective-policy.ts";
import type { Profile } from "./types.ts";

/** The part of a profile that carries the directory's groups. */
export type Attributes = Pick<Profile, "groups" | "group_ids">;

/**
 * The attributes that the given connection's directory wrote. Auth0 shows the primary account's at the profile's root
 * and those of a linked account inside `identities`: they are read only when `linked` says so, and the root never is
 * when it belongs to another connection. Undefined when there is nothing that may be read.
 */
export function attributesOf(user: Profile, connection: string, linked: boolean): Attributes | undefined {
  // SAFETY: Auth0's types say an array of such objects; all that is read from one is optional.
  const identities = Array.isArray(user.identities) ? (user.identities as (Identity | undefined)[]) : [];
  if ((identities[0]?.connection ?? connection) === connection) return user;
  const account = linked && identities.find((identity) => identity?.connection === connection);
  return account ? (account.profileData ?? {}) : undefined;
}

/**
 * The groups in a profile's attributes, or undefined when the attribute is not there at all. An empty list is an
 * answer too: the employee is in no group. Names and object ids are two lists of their own (`groups`, `group_ids`)
 * which Auth0 does not promise to be in the same order, so they are never paired.
 */
export function groupsOf(attributes: Attributes, identifier: Identifier): readonly string[] | undefined {
  const groups = identifier === "id" ? attributes.group_ids : attributes.groups;
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : undefined;
}

interface Identity {
  readonly connection?: string;
  readonly profileData?: Attributes;
}
