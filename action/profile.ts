import type { Identifier } from "./effective-policy.ts";
import { Failure } from "./outcome.ts";
import type { Profile } from "./types.ts";

/** The part of a profile that carries the directory's groups. */
export type Attributes = Pick<Profile, "groups" | "group_ids">;

/**
 * The attributes that the given connection's directory wrote. Auth0 shows the primary account's at the profile's root
 * and those of a linked account inside `identities`: they are read only when `linked` says so, and the root never is
 * when it belongs to another connection. Undefined when there is nothing that may be read, and always when two accounts of this
 * connection are linked: which of them signed in is not said, and the weaker one would get the groups of the stronger.
 */
export function attributesOf(user: Profile, connection: string, linked: boolean): Attributes | undefined {
  // SAFETY: Auth0's types say a list of such objects; all that is read from one is optional.
  const identities = [user.identities ?? []].flat() as readonly (Identity | null)[];
  const [own, another] = identities.filter((identity) => identity?.connection === connection);
  if (another) return;
  // Where there are no identities at all, too: only `user_id` is ever promised.
  if (identities.length === 0 || (own && identities[0] === own)) return user;
  return linked && own ? (own.profileData ?? {}) : undefined;
}

/**
 * The groups in a profile's attributes, or undefined when the attribute is not there at all. An empty list is an
 * answer too: the employee is in no group. Names and object ids are two lists of their own (`groups`, `group_ids`)
 * which Auth0 does not promise to be in the same order, so they are never paired.
 */
export function groupsInAttributes(
  attributes: Attributes,
  identifier: Identifier,
): readonly string[] | undefined {
  return textsOf(identifier === "id" ? attributes.group_ids : attributes.groups);
}

/**
 * Reads a list of texts. Some directories give a single group as a text: that is one group, and a comma in it is part of its name.
 * Anything else is not "no groups" but `unreadable`.
 */
export function textsOf(value: unknown): readonly string[] | undefined {
  if ((value ?? null) === null) return;
  const texts = [value].flat() as readonly unknown[];
  if (texts.every((text) => typeof text === "string")) return texts;
  throw new Failure("unreadable");
}

interface Identity {
  readonly connection?: string;
  readonly profileData?: Attributes;
}
