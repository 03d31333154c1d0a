import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createTenant, SignInError, UserError } from "../src/index.ts";
import type { Tenant } from "../src/index.ts";
import { fetchOver } from "../src/lib/browser.ts";
import { withTemporaryFolder } from "./support/temporary.ts";

const ada = "ada.lindqvist@xyz.example";

describe("createTenant", () => {
  let tenant: Tenant;
  before(async () => {
    tenant = await createTenant();
    await makeApplication(tenant);
  });
  after(() => tenant.close());

  it("signs an employee in, and shows the verified claims and what the Actions did", async () => {
    const { claims, accessToken, refreshToken, trace } = await tenant.signIn({
      application: "Portal",
      employee: ada,
    });
    assert.equal(claims.iss, tenant.issuer);
    assert.equal(claims["email"], ada);
    assert.ok(accessToken.length > 20);
    assert.equal(refreshToken, undefined);
    assert.equal(trace.outcome, "completed");
    assert.deepEqual(trace.actions, []);
  });

  it("keeps an employee's browser, so that a silent sign-in finds the session", async () => {
    const { claims } = await tenant.signIn({ application: "Portal", employee: ada });
    const silent = await tenant.signIn({ application: "Portal", employee: ada, prompt: "none" });
    assert.equal(silent.claims["sid"], claims["sid"]);
    await assert.rejects(
      tenant.signIn({ application: "Portal", employee: "bruno.keller@xyz.example", prompt: "none" }),
      (error: unknown) => error instanceof SignInError && error.error === "login_required",
    );
  });

  it("works out a sign-in, by each connection that leads to the employee, as long as its tokens would be", async () => {
    const [one, ...others] = await tenant.evaluate({ application: "Portal", employee: ada });
    assert.deepEqual(others, []);
    const { idToken, accessToken, claims } = await tenant.signIn({ application: "Portal", employee: ada });
    assert.deepEqual([one?.connection, one?.status, one?.sub], ["azure-ad", "completed", claims.sub]);
    assert.equal(one?.idToken?.bytes, idToken.length);
    assert.equal(one?.accessToken?.bytes, accessToken.length);
    const elsewhere = { application: "Portal", employee: ada, connection: "another" };
    await assert.rejects(tenant.evaluate(elsewhere), /no connection "another". It has .*"azure-ad"/);
    await assert.rejects(
      tenant.evaluate({ application: "Portal", employee: "nobody" }),
      /no employee "nobody"/,
    );
  });

  it("says in one line what it does not know", async () => {
    const unknown = (message: RegExp) => (error: unknown) =>
      error instanceof UserError && message.test(error.message) && !error.message.includes("\n");
    await assert.rejects(
      tenant.signIn({ application: "Portla", employee: ada }),
      unknown(/no application "Portla". It has .*"Portal"/),
    );
    await assert.rejects(
      tenant.signIn({ application: "Portal", employee: "nobody@xyz.example" }),
      unknown(/no employee "nobody@xyz.example"/),
    );
  });

  it("gives other programs the variables that exec gives its command, and takes them back at the end", async () => {
    const short = await createTenant({ seed: "a", plan: "free" });
    const { environment, deployer } = short;
    assert.equal(environment["AUTH0_DOMAIN"], short.domain);
    assert.equal(environment["AUTH0_CLIENT_SECRET"], deployer.clientSecret);
    assert.ok(existsSync(environment["SSL_CERT_FILE"] ?? ""));
    await short[Symbol.asyncDispose]();
    assert.equal(existsSync(environment["SSL_CERT_FILE"] ?? ""), false);
    await assert.rejects(fetchOver(short.issuer, { ca: short.ca }), /ECONNREFUSED/);
  });

  it("keeps a tenant in a folder, which one process has at a time", async () => {
    await withTemporaryFolder(async (state) => {
      const first = await createTenant({ state });
      const { deployer, issuer } = first;
      await assert.rejects(createTenant({ state }), /in use by process/);
      await first.close();
      const second = await createTenant({ state });
      assert.deepEqual([second.deployer, second.issuer], [deployer, issuer]);
      await second.close();
    });
  });
});

/** An application with a directory of its own, made over the Management API as any deployment would. */
async function makeApplication({ issuer, ca, deployer }: Tenant): Promise<void> {
  const call = async (path: string, body: unknown, token?: string) => {
    const headers = {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const response = await fetchOver(issuer + path, { ca, headers, body: JSON.stringify(body) });
    assert.ok(response.status < 300, response.body);
    return JSON.parse(response.body) as Record<string, string>;
  };
  const { access_token: token } = await call("oauth/token", {
    grant_type: "client_credentials",
    client_id: deployer.clientId,
    client_secret: deployer.clientSecret,
    audience: `${issuer}api/v2/`,
  });
  const client = await call(
    "api/v2/clients",
    { name: "Portal", app_type: "regular_web", callbacks: ["https://portal.xyz.example/callback"] },
    token,
  );
  await call(
    "api/v2/connections",
    {
      name: "azure-ad",
      strategy: "waad",
      enabled_clients: [client["client_id"]],
      options: { client_id: "a", client_secret: "b", tenant_domain: "xyz.onmicrosoft.com" },
    },
    token,
  );
}
