import type { Identifier } from "./effective-policy.ts";
import { Failure } from "./outcome.ts";
import type { Profile } from "./types.ts";

/** The part of a profile that carries the directory's groups. */
export type Attributes = Pick<Profile, "groups" | "group_ids">;

/**
 * The attributes that the given connection's directory wrote. Auth0 shows those of the primary account at the
 * profile's root, and those of a linked account inside `identities`. A linked account's are read only if
 * `linked` is true, and the root is never read if it belongs to another connection. Returns undefined if
 * nothing may be read, and always if two accounts of this connection are linked: the event does not say which
 * of them signed in, and the weaker one would get the groups of the stronger one.
 */
export function attributesOf(user: Profile, connection: string, linked: boolean): Attributes | undefined {
  // SAFETY: in Auth0's types this is a list of such objects, and every field that is read from one is
  // optional.
  const identities = [user.identities ?? []].flat() as readonly (Identity | null)[];
  const [own, another] = identities.filter((identity) => identity?.connection === connection);
  if (another) return;
  // The root is read also if there are no identities at all, because Auth0 promises only `user_id`.
  if (identities.length === 0 || (own && identities[0] === own)) return user;
  return linked && own ? (own.profileData ?? {}) : undefined;
}

/**
 * The groups in a profile's attributes, or undefined if the attribute is missing. An empty list is an answer:
 * the employee is in no group. Names and object ids are two separate lists (`groups`, `group_ids`). Auth0
 * does not promise that they have the same order, so they are never paired.
 */
export function groupsInAttributes(
  attributes: Attributes,
  identifier: Identifier,
): readonly string[] | undefined {
  return textsOf(identifier === "id" ? attributes.group_ids : attributes.groups);
}

/**
 * Reads a list of texts. Some directories give a single group as a text. That is one group, and a comma in it
 * is part of its name. Any other value is `unreadable`, which differs from "no groups".
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
