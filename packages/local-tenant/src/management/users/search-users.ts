import type { UserEntity } from "../../store/entities.ts";
import { parseLucene } from "../lucene.ts";

/** The fields in which a term without a field is looked for. */
const DEFAULT_FIELDS = ["user_id", "email", "name", "nickname", "given_name", "family_name", "username"];

/**
 * Reads `GET /users?q=`.
 * @throws {ManagementError} 400 `invalid_query_string` when it cannot be read.
 */
export function parseSearch(query: string): (user: UserEntity) => boolean {
  const test = parseLucene(query, DEFAULT_FIELDS);
  // Nobody may search for a hash.
  return (user) => test({ ...user, password_hash: undefined });
}
