import assert from "node:assert/strict";
import { scopesOf } from "../../../docs/scope-table.ts";
import type { TestEngine } from "../../../support/engine.ts";
import { requirePlugin, startTestEngine } from "../../../support/engine.ts";

describe("the scopes of docs/production.md, by the engine", function () {
  this.timeout(300_000);
  let test: TestEngine;

  afterEach(async () => test?.close());

  /** Leaves the deployer these scopes and no other. */
  function allow(scopes: readonly string[]): void {
    const { store } = test.tenant.context;
    const grant = store.tables.clientGrants.find(({ client_id }) => client_id === store.deployer.clientId);
    assert.ok(grant);
    store.tables.clientGrants.put({ ...grant, scope: [...scopes] });
  }

  const refused = () =>
    test.tenant.context.log
      .list(({ path, status }) => path.startsWith("/api/v2/") && status === 403)
      .map(({ method, path }) => `${method} ${path}`);

  it("make a stack, look at it, change it and take it away", async function () {
    test = await startTestEngine(this);
    await live();
  });

  it("are enough for the auth0 plugin itself", async function () {
    test = await startTestEngine(this, { plugin: await requirePlugin(this) });
    await live();
  });

  async function live(): Promise<void> {
    const portal = {
      name: "admin-portal",
      callbacks: ["https://admin.xyz.example/oidc/callback/"],
      logoutUrls: ["https://admin.xyz.example/"],
    };
    const before = test.made();
    allow(scopesOf("deploys"));
    await test.up();

    allow(scopesOf("previews"));
    test.writes();
    assert.deepEqual((await test.preview()).changed, []);

    allow(scopesOf("refreshes"));
    const { stdout } = await test.engine.stack.preview({ refresh: true, color: "never" });
    assert.doesNotMatch(stdout, /to (?:create|update|replace|delete)/);
    assert.deepEqual(test.writes(), []);

    allow(scopesOf("deploys"));
    test.configure({
      applications: [{ ...portal, displayName: "Another name" }],
      azureDomainAliases: ["new.example"],
      onMissingGroups: "deny",
    });
    await test.up();
    await test.refresh();
    assert.deepEqual((await test.preview()).changed, []);
    await test.destroy();
    assert.deepEqual(test.made(), before);
    assert.deepEqual(refused(), []);
  }
});
