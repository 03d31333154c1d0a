import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addApplication } from "../support/application.ts";
import { freePort } from "../support/free-port.ts";
import { Agent, payloadOf } from "../support/oauth.ts";
import { startTestTenant, testTenantOf } from "../support/tenant.ts";
import type { TestTenant } from "../support/tenant.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

interface Row {
  readonly id?: string;
  readonly [name: string]: unknown;
}

/** Writes into the tenant whatever rows could take its address from, and signs somebody in for its API. */
async function use(test: TestTenant): Promise<void> {
  const { context } = test.tenant;
  const { managementAudience: audience, domain } = context;
  const made = async (path: string, body: object, method: "POST" | "PATCH" = "POST") => {
    const answer = await test.api<Row>(method, path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const client = await made("/clients", { name: "Reader", grant_types: ["client_credentials"] });
  await made("/client-grants", { client_id: client["client_id"], audience, scope: ["read:users"] });
  await made("/connections", { name: "directory", strategy: "waad", options: { app_domain: domain } });
  await made("/tenants/settings", { default_audience: audience }, "PATCH");
  const role = await made("/roles", { name: "Readers" });
  const permissions = [{ resource_server_identifier: audience, permission_name: "read:users" }];
  await made(`/roles/${role.id}/permissions`, { permissions });
  const user = await made("/users", {
    connection: "Username-Password-Authentication",
    email: "one@xyz.example",
    password: "A long pass phrase 1!",
  });
  await made(`/users/${encodeURIComponent(String(user["user_id"]))}/permissions`, { permissions });
  await new Agent(test).tokens(addApplication(test), { audience });
  await new Agent(test).authorize(addApplication(test), { audience: `${context.issuer}nothing` });
}

/** What the tenant says of itself in all that it answers, by where it says so. */
async function told({ api, tenant }: TestTenant): Promise<Record<string, unknown>> {
  const read = async <T>(path: string) => (await api<T>("GET", path)).body;
  const [grants, servers, connections, roles, users, logs] = await Promise.all([
    read<Row[]>("/client-grants"),
    read<Row[]>("/resource-servers"),
    read<Row[]>("/connections?strategy=waad&name=directory"),
    read<Row[]>("/roles"),
    read<Row[]>("/users?q=email:one*"),
    read<Row[]>("/logs?per_page=100"),
  ]);
  const permissions = (rows: Row[]) => rows.map((row) => row["resource_server_identifier"]);
  const { managementAudience: audience } = tenant.context;
  const id = encodeURIComponent(String(users[0]?.["user_id"]));
  const [connection] = connections;
  return {
    grants: grants.map((row) => row["audience"]),
    "grants of the API": (await read<Row[]>(`/client-grants?audience=${encodeURIComponent(audience)}`))
      .length,
    servers: servers.map(({ identifier }) => identifier),
    "server by its name": (await read<Row>(`/resource-servers/${encodeURIComponent(audience)}`)).id,
    "settings' audience": (await read<Row>("/tenants/settings"))["default_audience"],
    "app domain": (connection?.["options"] as Row | undefined)?.["app_domain"],
    "ticket's host": new URL(String(connection?.["provisioning_ticket_url"])).host,
    "permissions of the role": permissions(await read<Row[]>(`/roles/${roles[0]?.id}/permissions`)),
    "permissions of the user": permissions(await read<Row[]>(`/users/${id}/permissions`)),
    "hosts of events": [...new Set(logs.map((row) => row["hostname"]))],
    "audiences of events": [...new Set(logs.map((row) => row["audience"] ?? "none"))].toSorted(),
    "descriptions of events": logs
      .map((row) => String(row["description"]))
      .filter((text) => text.includes("nothing")),
  };
}

describe("a kept tenant's address", () => {
  it("is in no row, and is another one everywhere when the tenant comes back at another port", async function () {
    this.timeout(30_000);
    await withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      const first = await startTestTenant({ stateFile });
      const { domain } = first.tenant.context;
      let before: Record<string, unknown>;
      try {
        await use(first);
        before = await told(first);
        const log = readFileSync(`${stateFile}.log`, "utf8");
        assert.ok(log.length > 1_000 && !log.includes(domain), "the address is in the log");
      } finally {
        await first.close();
      }
      assert.match(JSON.stringify(before), new RegExp(domain));
      const { domain: kept, ...rest } = JSON.parse(readFileSync(stateFile, "utf8")) as { domain: string };
      assert.equal(kept, domain);
      assert.doesNotMatch(JSON.stringify(rest), new RegExp(domain));

      const port = await freePort();
      const moved = await startTestTenant({ stateFile, port });
      try {
        const { context } = moved.tenant;
        assert.equal(context.domain, `localhost:${port}`);
        const expected: unknown = JSON.parse(JSON.stringify(before).replaceAll(domain, `localhost:${port}`));
        assert.deepEqual(await told(moved), expected);
        const { managementAudience: audience, issuer } = context;
        const tokens = await new Agent(moved).tokens(addApplication(moved), { audience });
        assert.deepEqual(payloadOf(tokens["access_token"])["aud"], [audience, `${issuer}userinfo`]);
      } finally {
        await moved.close();
      }
      const again = await startTestTenant({ stateFile });
      await again.close();
      assert.equal(again.tenant.context.domain, `localhost:${port}`);
    });
  });

  it("is that of a fork with a port of its own in all that the fork says", async function () {
    this.timeout(30_000);
    const test = await startTestTenant();
    try {
      await use(test);
      const { domain } = test.tenant.context;
      const before = JSON.stringify(await told(test));
      const fork = testTenantOf(await test.tenant.fork({ listen: true }));
      const own = fork.tenant.context.domain;
      assert.notEqual(own, domain);
      assert.deepEqual(await told(fork), JSON.parse(before.replaceAll(domain, own)));
      assert.equal(JSON.stringify(await told(test)), before);
    } finally {
      await test.close();
    }
  });

  it("is the deployer's again at the other port: its token is for the API there", () =>
    withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      await (await startTestTenant({ stateFile })).close();
      const moved = await startTestTenant({ stateFile, port: await freePort() });
      const { tenant } = moved;
      try {
        const { store, domain, managementAudience: audience } = tenant.context;
        const { clientId: client_id, clientSecret: client_secret } = store.deployer;
        const answer = await tenant.app.inject({
          method: "POST",
          url: "/oauth/token",
          headers: { host: domain },
          payload: { grant_type: "client_credentials", client_id, client_secret, audience },
        });
        const { access_token } = answer.json<{ access_token: string }>();
        assert.equal(payloadOf(access_token)["aud"], audience);
        const url = "/api/v2/clients";
        const headers = { host: domain, authorization: `Bearer ${access_token}` };
        assert.equal((await tenant.app.inject({ url, headers })).statusCode, 200);
      } finally {
        await moved.close();
      }
    }));
});
