import type { UserEntity } from "../../store/entities.ts";
import type { Store } from "../../store/state.ts";
import { parseLucene } from "../lucene.ts";

/** Nobody may search for a hash. */
const SECRET_FIELDS = ["password_hash"];
/** The fields in which a term without a field is looked for. */
const DEFAULT_FIELDS = ["user_id", "email", "name", "nickname", "given_name", "family_name", "username"];

/** The most common query, which needs no look at all users. */
const EXACT_EMAIL = /^email:(?:"([^"\\]+)"|([\w.@+-]+))$/;

/**
 * The users that `GET /users?q=` asks for, in the order in which they were made; without a query all of them.
 * @throws {ManagementError} 400 `invalid_query_string` when the query cannot be read.
 */
export function searchUsers({ tables: { users } }: Store, query = ""): UserEntity[] {
  if (query === "") return users.list();
  const test = parseLucene(query, DEFAULT_FIELDS, SECRET_FIELDS);
  const [, quoted, word = quoted] = EXACT_EMAIL.exec(query.trim()) ?? [];
  return word === undefined ? users.list(test) : users.by("identifier", word.toLowerCase()).filter(test);
}
