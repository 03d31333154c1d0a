import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";
import type { TestTenant } from "../support/tenant.ts";

const AT = "2026-01-01T00:00:00.000Z";
const DATABASE = "Username-Password-Authentication";

/** Makes every table count the rows that are looked at one by one, from then on. */
function countLooks({ tenant }: TestTenant): () => number {
  let looks = 0;
  // Keys are few, and one more may be made at any time.
  const { signingKeys, ...tables } = tenant.context.store.tables;
  assert.ok(signingKeys.size < 10);
  for (const table of Object.values(tables)) {
    // SAFETY: only the methods are replaced, by ones that do the same and count.
    const counted = table as unknown as Record<
      "find" | "list",
      (test?: (row: unknown) => boolean) => unknown
    >;
    for (const name of ["find", "list"] as const) {
      const original = counted[name].bind(table);
      counted[name] = (test = () => true) =>
        original((row) => {
          looks += 1;
          return test(row);
        });
    }
  }
  return () => {
    const count = looks;
    looks = 0;
    return count;
  };
}

/** As much of everything as a large company would have left in the tenant. */
function fill({ tenant }: TestTenant, count: number): void {
  const { clients, clientGrants, resourceServers, roles, users } = tenant.context.store.tables;
  for (let i = 0; i < count; i += 1) {
    const identities = [{ connection: DATABASE, provider: "auth0", user_id: String(i), isSocial: false }];
    const times = { created_at: AT, updated_at: AT };
    users.put({ user_id: `auth0|${i}`, email: `u${i}@xyz.example`, identities, ...times });
    clients.put({ client_id: `c${i}`, name: `Client ${i}`, callbacks: [`https://c${i}.example/`] });
    clientGrants.put({ id: `g${i}`, client_id: `c${i}`, audience: `https://a${i}.example/`, scope: [] });
    resourceServers.put({ id: `a${i}`, identifier: `https://a${i}.example/`, name: `API ${i}` });
    roles.put({ id: `r${i}`, name: `Role ${i}`, description: null, permissions: [] });
  }
}

/** Rows looked at by each request to a tenant with so much of everything. */
async function looksWith(count: number): Promise<Record<string, number>> {
  const test = await startTestTenant();
  try {
    fill(test, count);
    const application = addApplication(test);
    const looks = countLooks(test);
    const found: Record<string, number> = {};
    const request = async (name: string, method: "GET" | "PATCH" | "POST", path: string, body?: object) => {
      looks();
      const { status } = await test.api<unknown>(method, path, body);
      assert.ok(status < 300, `${name}: ${status}`);
      found[name] = looks();
    };
    looks();
    await new Agent(test).tokens(application, { audience: "https://a1.example/" });
    found["sign-in"] = looks();
    await request("get a user", "GET", "/users/auth0%7C1");
    await request("patch a user", "PATCH", "/users/auth0%7C1", { user_metadata: { a: 1 } });
    await request("rename a user", "PATCH", "/users/auth0%7C1", { email: "new@xyz.example" });
    await request("users of an email", "GET", "/users-by-email?email=u2@xyz.example");
    await request("search an email", "GET", '/users?q=email:"u2@xyz.example"');
    const password = "A long pass phrase 1!";
    await request("make a user", "POST", "/users", {
      connection: DATABASE,
      email: "n@xyz.example",
      password,
    });
    await request("get a client", "GET", "/clients/c1");
    await request("patch a client", "PATCH", "/clients/c1", { description: "new" });
    await request("make a client", "POST", "/clients", { name: "New" });
    await request("get an API", "GET", `/resource-servers/${encodeURIComponent("https://a1.example/")}`);
    await request("make an API", "POST", "/resource-servers", { identifier: "https://new.example/" });
    const grant = { client_id: "c1", audience: "https://a2.example/", scope: [] };
    await request("make a grant", "POST", "/client-grants", grant);
    await request("make a role", "POST", "/roles", { name: "New" });
    await request("users of a role", "GET", "/roles/r1/users");
    await request("events of a user", "GET", "/users/auth0%7C1/logs");
    const { tenant } = test;
    looks();
    const origin = "https://c1.example";
    const page = await tenant.app.inject({
      method: "OPTIONS",
      url: "/oauth/token",
      headers: { host: tenant.context.domain, origin },
    });
    assert.equal(page.headers["access-control-allow-origin"], origin);
    found["a page of an application"] = looks();
    return found;
  } finally {
    await test.close();
  }
}

describe("how many rows a request looks at", () => {
  it("is the same in a tenant with 300 of everything as in one with 3", async function () {
    this.timeout(30_000);
    const [small, large] = [await looksWith(3), await looksWith(300)];
    assert.deepEqual(large, small);
  });
});
