import type { UserEntity } from "../../store/entities.ts";
import { ManagementError } from "../../lib/errors.ts";
import { valuesAt } from "../lucene.ts";

/**
 * Sorts users by `FIELD:1` (ascending) or `FIELD:-1`; without it, in the order in which they were made.
 * @throws {ManagementError} 400 when the text is not such a pair.
 */
export function sortUsers(users: readonly UserEntity[], sort: string | undefined): UserEntity[] {
  if (sort === undefined) return [...users];
  const [, field = "", direction] = /^([\w.]+):(-?1)$/.exec(sort) ?? [];
  if (direction === undefined) {
    throw new ManagementError(
      400,
      "Query validation error: 'String does not match pattern ^(([a-zA-Z0-9_\\.]+))\\:(1|-1)$' on property sort.",
      "invalid_query_string",
    );
  }
  const key = (user: UserEntity) => textOf(valuesAt(user, field)[0]);
  return [...users].sort((a, b) => key(a).localeCompare(key(b)) * Number(direction));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}
