import { groupRow, isUuid, personRow, shown } from "../rows.ts";
import type { BadRow, Member, Row } from "../rows.ts";
import { parseObject } from "./parse.ts";
import { splitJson } from "./split-json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The most members that `$expand=members` gives, without a word about those that it leaves out. */
const MOST_EXPANDED = 20;
const PERSON_KEYS = ["userPrincipalName", "givenName", "surname", "jobTitle", "department", "accountEnabled"];

/**
 * Rows of Microsoft Graph's answers: pages of users, groups or members one after another, single groups, or a
 * bare list. Pages of members do not say whose they are, so a document `{ "group": ID }` goes before them.
 */
export function* graphRows(pieces: Iterable<string>): Generator<Row, void> {
  /** Whose members the next pages hold. */
  let group: string | undefined;
  /** Line of a page that has a next page, or of a group of which no page came yet. */
  let open: BadRow | undefined;
  for (const part of splitJson(pieces)) {
    if (part.kind === "end") {
      return void (yield bad(part.line, `it is not JSON: expected ${part.expected}`));
    }
    const isList = part.kind === "document" && part.list;
    if (isList && part.text.startsWith("[")) continue;
    const parsed = parseObject(part.line, part.text);
    if ("bad" in parsed) {
      yield parsed.bad;
      // Without knowing where the brackets of this one end, those after it cannot be told.
      if (parsed.bad.reason.startsWith("it is not JSON")) return;
      continue;
    }
    const { object } = parsed;
    if (part.kind === "element") {
      yield* group === undefined
        ? objectRows(part.line, object, collectionOf(part.before))
        : [membersRow(part.line, group, [object])];
    } else if (isList) {
      open = object["@odata.nextLink"] === undefined ? undefined : cut(part.line);
    } else if (object["group"] !== undefined) {
      if (open !== undefined) yield open;
      group = isUuid(object["group"]) ? object["group"].toLowerCase() : undefined;
      if (group === undefined)
        return void (yield bad(part.line, `the group ${shown(object["group"])} is not an id`));
      yield { kind: "members", line: part.line, group, members: [] };
      open = bad(part.line, `no page of the members of the group ${group} follows`);
    } else {
      yield* objectRows(part.line, object);
    }
  }
  if (open !== undefined) yield open;
}

/** What a page says it is a page of, such as `users`. */
function collectionOf(before: string): string | undefined {
  return /"@odata\.context"\s*:\s*"[^"]*#(\w+)/.exec(before)?.[1];
}

function* objectRows(line: number, object: Fields, collection?: string): Generator<Row, void> {
  const type = object["@odata.type"];
  if (object["error"] !== undefined) {
    return void (yield bad(line, `it is an error of Microsoft Graph: ${shown(object["error"])}`));
  }
  const isPerson =
    type === "#microsoft.graph.user" || collection === "users" || PERSON_KEYS.some((key) => key in object);
  if (isPerson) return void (yield graphPerson(line, object));
  if (type !== "#microsoft.graph.group" && !("displayName" in object)) {
    return void (yield bad(line, "it is neither a user nor a group"));
  }
  yield groupRow(line, object["id"], object["displayName"]);
  const { members } = object;
  if (members === undefined || !isUuid(object["id"])) return;
  if (!Array.isArray(members)) return void (yield bad(line, "its members are not a list"));
  if (members.length >= MOST_EXPANDED || "members@odata.nextLink" in object) {
    const reason = `the group ${shown(object["displayName"])} has ${members.length} members, and $expand gives no more than ${MOST_EXPANDED}`;
    return void (yield bad(line, `${reason}; export the pages of its members`));
  }
  yield membersRow(line, object["id"].toLowerCase(), members);
}

function graphPerson(line: number, object: Fields): Row {
  const { accountEnabled: enabled } = object;
  if (!isUuid(object["id"])) return bad(line, `the user has no id that is a UUID: ${shown(object["id"])}`);
  if (enabled !== undefined && enabled !== null && typeof enabled !== "boolean") {
    return bad(line, `its accountEnabled is neither true nor false: ${shown(enabled)}`);
  }
  const mail = typeof object["mail"] === "string" && object["mail"].trim() === "" ? null : object["mail"];
  return personRow(line, {
    id: object["id"],
    email: mail ?? object["userPrincipalName"],
    name: object["displayName"],
    givenName: object["givenName"],
    familyName: object["surname"],
    department: object["department"],
    jobTitle: object["jobTitle"],
    enabled: enabled ?? undefined,
  });
}

function membersRow(line: number, group: string, members: readonly unknown[]): Row {
  const found: Member[] = [];
  for (const member of members) {
    const { id, "@odata.type": type } =
      typeof member === "object" && member !== null ? (member as Fields) : {};
    if (!isUuid(id)) return bad(line, `the group ${group} has a member without an id: ${shown(member)}`);
    found.push({ id: id.toLowerCase(), type: memberType(type) });
  }
  return { kind: "members", line, group, members: found };
}

function memberType(type: unknown): Member["type"] {
  if (type === undefined) return "unknown";
  if (type === "#microsoft.graph.user") return "user";
  return type === "#microsoft.graph.group" ? "group" : "other";
}

function cut(line: number): BadRow {
  return bad(line, "the page has a next page (@odata.nextLink), which is not in the file; export all pages");
}

function bad(line: number, reason: string): BadRow {
  return { kind: "bad", line, reason };
}
