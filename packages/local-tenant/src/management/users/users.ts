import { ManagementError } from "../../lib/errors.ts";
import { shownRow } from "../../store/own-address.ts";
import type { UserEntity } from "../../store/entities.ts";
import { insufficientScope } from "../bearer.ts";
import { string } from "../json-schema.ts";
import { created, noContent, ok, operation } from "../operation.ts";
import type { Operation, Query } from "../operation.ts";
import { listAnswer, pageQuery } from "../paging.ts";
import { fieldsQuery, project } from "../projection.ts";
import { newUser, refuseKnownUser } from "./create-user.ts";
import type { NewUser } from "./create-user.ts";
import { findUser } from "./find-user.ts";
import { searchUsers } from "./search-users.ts";
import { sortUsers } from "./sort-users.ts";
import { patchedUser } from "./update-user.ts";
import { createUser, updateUser } from "./user-schema.ts";
import { viewUser } from "./user-view.ts";

const SEARCH_LIMIT = 1000;

const list = operation({
  id: "users.list",
  method: "GET",
  path: "/users",
  scopes: ["read:users", "read:user_idp_tokens"],
  query: { ...pageQuery, ...fieldsQuery, search_engine: string({ pattern: "^v[123]$" }) },
  handle: ({ query, tenant }) => {
    const { q, connection, sort } = query;
    const found = searchUsers(tenant.store, q);
    const rows =
      connection === undefined
        ? found
        : found.filter(({ identities }) => identities.some((identity) => identity.connection === connection));
    refuseDeepPages(query);
    const view = (user: UserEntity) => project(viewUser(user), query);
    return ok(listAnswer("users", sortUsers(rows, sort), query, view));
  },
});

const byEmail = operation({
  id: "users.byEmail",
  method: "GET",
  path: "/users-by-email",
  scopes: ["read:users"],
  query: fieldsQuery,
  handle: ({ query, tenant }) => {
    const email = query["email"];
    if (email === undefined) {
      throw new ManagementError(
        400,
        "Query validation error: 'Missing required property: email'.",
        "invalid_query_string",
      );
    }
    // Addresses are kept in lower case, and production compares them as they are.
    const { users } = tenant.store.tables;
    const rows = users.by("identifier", email.toLowerCase()).filter((user) => user.email === email);
    return ok(rows.map((user) => project(viewUser(user), query)));
  },
});

const create = operation<NewUser>({
  id: "users.create",
  method: "POST",
  path: "/users",
  scopes: ["create:users"],
  body: createUser,
  handle: async ({ body, tenant }) => {
    const user = await newUser(tenant, body);
    // This check comes after the hashing, which takes a while, so that the second of two simultaneous calls
    // is refused.
    refuseKnownUser(tenant, user);
    return created(viewUser(tenant.store.tables.users.put(user)));
  },
});

const get = operation({
  id: "users.get",
  method: "GET",
  path: "/users/:id",
  scopes: ["read:users", "read:current_user", "read:user_idp_tokens"],
  query: fieldsQuery,
  handle: ({ params, query, tenant }) => ok(project(viewUser(findUser(tenant.store, params["id"])), query)),
});

const update = operation<Record<string, unknown>>({
  id: "users.update",
  method: "PATCH",
  path: "/users/:id",
  scopes: ["update:users", "update:users_app_metadata", "update:current_user_metadata"],
  body: updateUser,
  handle: async ({ params, body, scopes, tenant }) => {
    requireFieldScopes(scopes, body);
    for (;;) {
      const before = findUser(tenant.store, params["id"]);
      const user = await patchedUser(tenant, before, body);
      // Hashing a password takes a while, and the user may have changed or gone meanwhile.
      if (findUser(tenant.store, params["id"]) === before) {
        return ok(viewUser(tenant.store.tables.users.put(user)));
      }
    }
  },
});

const remove = operation({
  id: "users.delete",
  method: "DELETE",
  path: "/users/:id",
  scopes: ["delete:users", "delete:current_user"],
  handle: ({ params, tenant }) => {
    tenant.store.tables.users.delete(params["id"] ?? "");
    return noContent;
  },
});

const logs = operation({
  id: "users.logs",
  method: "GET",
  path: "/users/:id/logs",
  scopes: ["read:logs", "read:logs_users"],
  query: pageQuery,
  handle: ({ params, query, tenant }) => {
    const rows = tenant.store.tables.logs.by("user", params["id"] ?? "").reverse();
    return ok(listAnswer("logs", rows, query, (row) => shownRow(tenant, "logs", row)));
  },
});

export const userOperations: readonly Operation[] = [list, byEmail, create, get, update, remove, logs];

/** Two of the scopes of a PATCH are for one field each. */
function requireFieldScopes(scopes: ReadonlySet<string>, body: Readonly<Record<string, unknown>>): void {
  if (scopes.has("update:users")) return;
  const allowed = new Set([
    ...(scopes.has("update:users_app_metadata") ? ["app_metadata"] : []),
    ...(scopes.has("update:current_user_metadata") ? ["user_metadata"] : []),
  ]);
  if (Object.keys(body).every((key) => allowed.has(key))) return;
  throw insufficientScope(["update:users"]);
}

/** Production answers at most the first thousand users. */
function refuseDeepPages(query: Query): void {
  const perPage = Number(query["per_page"] ?? 50);
  if ((Number(query["page"] ?? 0) + 1) * perPage <= SEARCH_LIMIT) return;
  throw new ManagementError(
    400,
    "You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation",
    "invalid_paging",
  );
}
