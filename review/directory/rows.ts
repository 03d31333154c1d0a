import type { Employee } from "../../packages/local-tenant/src/index.ts";

/** What the files of an export are made of, whatever their format. Lines count from 1. */
export type Row = PersonRow | GroupRow | MembersRow | BadRow;

/** A person of the directory. Their `groups` are those that the export says beside them. */
export interface PersonRow extends Omit<Employee, "id"> {
  readonly kind: "person";
  readonly line: number;
  /** Object id; absent where the export has none, and one is made from the email. */
  readonly id?: string;
  /** `undefined` where the export does not say. */
  readonly enabled: boolean | undefined;
}

/** A group with an id of its own. */
export interface GroupRow {
  readonly kind: "group";
  readonly line: number;
  readonly id: string;
  readonly name: string;
}

/** Some or all direct members of one group. */
export interface MembersRow {
  readonly kind: "members";
  readonly line: number;
  /** Id of the group. */
  readonly group: string;
  readonly members: readonly Member[];
}

/** Who is in a group. `other` is a device, a contact or an application, which signs in to nothing here. */
export interface Member {
  readonly id: string;
  readonly type: "user" | "group" | "other" | "unknown";
}

/** A row that cannot be used, and why. */
export interface BadRow {
  readonly kind: "bad";
  readonly line: number;
  readonly reason: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
/** What stands where the export has nothing, because a directory's file has text in each place. */
const NOTHING = "(none)";

/** What a format knows of a person; each value as it stands in the file. */
export interface PersonFields {
  readonly id?: unknown;
  readonly email: unknown;
  readonly name?: unknown;
  readonly givenName?: unknown;
  readonly familyName?: unknown;
  readonly department?: unknown;
  readonly jobTitle?: unknown;
  readonly groups?: readonly string[];
  readonly enabled: boolean | undefined;
}

/** A person's row, or why it cannot be one: the first thing that is wrong. */
export function personRow(line: number, fields: PersonFields): PersonRow | BadRow {
  const bad = (reason: string): BadRow => ({ kind: "bad", line, reason });
  const { groups = [], enabled, ...values } = fields;
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === null || typeof value === "string") continue;
    return bad(`its ${key} is not text: ${shown(value)}`);
  }
  const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
  const email = text(fields.email);
  if (email === "") return bad("it has no email");
  if (!EMAIL.test(email)) return bad(`its email is not an address: ${shown(email)}`);
  const id = text(fields.id);
  if (id !== "" && !UUID.test(id)) return bad(`its id is not a UUID: ${shown(id)}`);
  const name = text(fields.name) || email.slice(0, email.lastIndexOf("@"));
  const [first = name, ...rest] = name.split(/\s+/);
  return {
    kind: "person",
    line,
    ...(id === "" ? {} : { id: id.toLowerCase() }),
    email,
    name,
    givenName: text(fields.givenName) || first,
    familyName: text(fields.familyName) || rest.join(" ") || name,
    department: text(fields.department) || NOTHING,
    jobTitle: text(fields.jobTitle) || NOTHING,
    groups: groups.map((group) => group.trim()).filter((group) => group !== ""),
    enabled,
  };
}

/** A group's row, or why it cannot be one. */
export function groupRow(line: number, id: unknown, name: unknown): GroupRow | BadRow {
  const bad = (reason: string): BadRow => ({ kind: "bad", line, reason });
  if (typeof name !== "string" || name.trim() === "") return bad(`the group ${shown(id)} has no name`);
  if (id === undefined || id === null || id === "") return bad(`the group ${shown(name)} has no id`);
  if (!isUuid(id)) return bad(`the group ${shown(name)} has an id that is not a UUID: ${shown(id)}`);
  return { kind: "group", line, id: id.toLowerCase(), name: name.trim() };
}

/** Whether a value is an object id of a directory. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && UUID.test(value);
}

/** A value of a file as an error shows it: in quotes, in one line, cut. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  // JSON leaves these as they are, and a terminal would obey some of them.
  return short.replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
