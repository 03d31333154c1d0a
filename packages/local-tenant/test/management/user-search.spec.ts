import assert from "node:assert/strict";
import type { UserEntity } from "../../src/store/entities.ts";
import { searchUsers } from "../../src/management/users/search-users.ts";
import { Store } from "../../src/store/state.ts";

function user(id: string, extra: Record<string, unknown>): UserEntity {
  return {
    user_id: `auth0|${id}`,
    identities: [
      { connection: id === "eve" ? "azure-ad" : "db", provider: "auth0", user_id: id, isSocial: false },
    ],
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: "2026-01-01T00:00:00.000Z",
    ...extra,
  };
}

const USERS = [
  user("ann", { email: "ann@example.com", name: "Ann Lee", logins_count: 3, app_metadata: { plan: "gold" } }),
  user("bob", {
    email: "bob@example.com",
    name: "Bob",
    logins_count: 10,
    email_verified: true,
    blocked: true,
  }),
  user("eve", {
    email: "eve@other.example",
    name: "Eve",
    user_metadata: { tags: ["x", "y"] },
    password_hash: "h",
  }),
];

const store = new Store();
for (const one of USERS) store.tables.users.put(one);

describe("Searching users", () => {
  const cases: Record<string, string[]> = {
    'email:"ann@example.com"': ["ann"],
    "email:ANN@EXAMPLE.COM": ["ann"],
    "email:*@example.com": ["ann", "bob"],
    'name:"Ann Lee"': ["ann"],
    "name:An*": ["ann"],
    "name:b?b": ["bob"],
    'user_id:"auth0|eve"': ["eve"],
    'identities.connection:"azure-ad"': ["eve"],
    "app_metadata.plan:gold": ["ann"],
    "user_metadata.tags:y": ["eve"],
    "email_verified:true": ["bob"],
    "NOT email_verified:true": ["ann", "eve"],
    "-blocked:true AND name:e*": ["eve"],
    "name:bob OR name:eve": ["bob", "eve"],
    "(name:bob OR name:eve) AND email:*other*": ["eve"],
    "name:(bob OR eve)": ["bob", "eve"],
    "logins_count:[3 TO 9]": ["ann"],
    "logins_count:{3 TO *]": ["bob"],
    "created_at:[2025-12-31 TO 2026-02-01]": ["ann", "bob", "eve"],
    "_exists_:blocked": ["bob"],
    bob: ["bob"],
    "nothing:here": [],
    "password_hash:h": [],
    "_exists_:password_hash": [],
  };
  for (const [query, expected] of Object.entries(cases)) {
    it(`finds ${expected.length === 0 ? "nobody" : expected.join(" and ")} by ${query}`, () => {
      const found = searchUsers(store, query).map(({ user_id }) => user_id.slice("auth0|".length));
      assert.deepEqual(found, expected);
    });
  }

  for (const query of ["name:", "(name:bob", "AND", "name:bob AND", "name:[1 to", ")", '"open']) {
    it(`refuses ${JSON.stringify(query)} with 400`, () => {
      assert.throws(() => searchUsers(store, query), { statusCode: 400, errorCode: "invalid_query_string" });
    });
  }
});
