import { isUuid, personRow, shown } from "../rows.ts";
import type { Row } from "../rows.ts";
import { parseObject } from "./parse.ts";
import { linesOf } from "./text.ts";

/** Rows of Auth0's user export in its JSON format: one user a line. */
export function* auth0Rows(pieces: Iterable<string>): Generator<Row, void> {
  for (const { line, text } of linesOf(pieces)) {
    if (text.trim() === "") continue;
    const parsed = parseObject(line, text);
    yield "bad" in parsed ? parsed.bad : auth0Person(line, parsed.object);
  }
}

function auth0Person(line: number, user: Readonly<Record<string, unknown>>): Row {
  const { groups = [], blocked = false } = user;
  const names = groups === null ? [] : groups;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    return { kind: "bad", line, reason: `its groups are not a list of names: ${shown(groups)}` };
  }
  // An employee's user id ends in the object id, as in waad|azure-ad|OID; others have an id that says nothing
  // here.
  const { oid = lastPart(user["user_id"]) } = user;
  return personRow(line, {
    ...(isUuid(oid) ? { id: oid } : {}),
    email: user["email"],
    name: user["name"],
    givenName: user["given_name"],
    familyName: user["family_name"],
    department: user["department"],
    jobTitle: user["job_title"],
    groups: names,
    enabled: blocked !== true,
  });
}

function lastPart(userId: unknown): string | undefined {
  return typeof userId === "string" ? userId.split("|").at(-1) : undefined;
}
