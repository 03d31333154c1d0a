import assert from "node:assert/strict";
import { ManagementApi } from "../../local/pulumi/resources/management-api.ts";
import { resourceType } from "../../local/pulumi/resources/registry.ts";
import { lookAtTenant } from "../../stack/preflight/look.ts";
import { perSuite } from "../../packages/local-tenant/test/support/per-suite.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import { kindOf, LifeCycle, partsOfProgram, step, StepFailed } from "./life-cycle.ts";
import { scopeRows, scopesOf } from "./scope-table.ts";

describe("docs/production.md: the scopes", () => {
  const test = perSuite(() => startTestTenant());
  let reset: () => void;
  before(() => {
    reset = keep(test);
  });
  afterEach(() => reset());

  /** Runs something as the deployer, whose grant holds these scopes and no other. */
  async function as(scopes: readonly string[], run: (api: ManagementApi) => Promise<void>): Promise<void> {
    const { store, domain } = test.tenant.context;
    const grant = store.tables.clientGrants.find(({ client_id }) => client_id === store.deployer.clientId);
    assert.ok(grant);
    store.tables.clientGrants.put({ ...grant, scope: [...scopes] });
    const api = new ManagementApi(
      { domain, ca: test.tenant.ca, ...store.deployer },
      { sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    );
    try {
      await run(api);
    } finally {
      api.close();
      store.tables.clientGrants.put(grant);
    }
  }

  const asks = () => preflight(test);
  const all = () => test.tenant.context.store.tables.clientGrants.list()[0]?.scope ?? [];

  async function deploy(scopes: readonly string[]): Promise<void> {
    const life = new LifeCycle(await partsOfProgram(test.tenant.context.domain));
    await as(scopes, async (api) => {
      await life.create(api);
      await life.read(api);
      await life.update(api);
      await life.read(api);
      await life.rename(api);
      await life.delete(api);
    });
  }

  async function refresh(scopes: readonly string[]): Promise<void> {
    const life = new LifeCycle(await partsOfProgram(test.tenant.context.domain));
    await as(all(), (api) => life.create(api));
    await as(scopes, (api) => life.read(api));
    await as(scopes, asks);
  }

  it("are enough for a stack's whole life", () => deploy(scopesOf("deploys")));

  it("are enough for a preview, which asks what preflight asks", () => as(scopesOf("previews"), asks));

  it("are enough for a preview with --refresh, which reads everything", () => refresh(scopesOf("refreshes")));

  for (const { scope, without } of scopeRows.filter(({ deploys }) => deploys)) {
    it(`are none too many for who deploys: ${without} without ${scope}`, async () => {
      const others = scopesOf("deploys").filter((other) => other !== scope);
      await assert.rejects(deploy(others), (error) => {
        assert.ok(error instanceof StepFailed, String(error));
        assert.equal(`no \`${error.step}\``, without, error.message);
        return true;
      });
    });
  }

  for (const scope of scopesOf("previews")) {
    it(`are none too many for a preview: preflight needs ${scope}`, async () => {
      const others = scopesOf("previews").filter((other) => other !== scope);
      await assert.rejects(as(others, asks), StepFailed);
    });
  }

  for (const scope of scopesOf("refreshes")) {
    it(`are none too many for a preview with --refresh: it needs ${scope}`, async () => {
      const others = scopesOf("refreshes").filter((other) => other !== scope);
      await assert.rejects(refresh(others), StepFailed);
    });
  }

  it("cover every resource type that can be deployed", async () => {
    const parts = await partsOfProgram(test.tenant.context.domain);
    const known = /It knows ([^;]+)/.exec(errorOf(() => resourceType("none")))?.[1]?.split(", ") ?? [];
    assert.ok(known.length >= 7);
    const kinds = new Set(parts.map(({ type }) => kindOf(type)));
    assert.deepEqual(
      known.map((token) => token.split(":").at(-1)).filter((kind) => !kinds.has(kind ?? "")),
      [],
    );
  });

  for (const [scope, shown] of [
    ["read:clients", false],
    ["read:client_keys", true],
    ["read:client_credentials", true],
  ] as const) {
    it(`${shown ? "show" : "do not show"} every application's secret to who has ${scope}`, async () => {
      await test.api("POST", "/clients", { name: "Somebody's application", app_type: "regular_web" });
      const answer = await test.apiWith([scope])<{ client_secret?: string }[]>("GET", "/clients");
      assert.equal(answer.status, 200);
      assert.equal(
        answer.body.some((client) => client.client_secret !== undefined),
        shown,
      );
    });
  }
});

/**
 * What preflight asks before a preview and an update; it says what it was not shown, and this fails with it.
 */
async function preflight({ tenant }: TestTenant): Promise<void> {
  const { domain, store, managementAudience: audience } = tenant.context;
  const look = await lookAtTenant({ domain, ca: [tenant.ca], credentials: { ...store.deployer, audience } });
  await step("preflight", () =>
    look.errors.length === 0 ? Promise.resolve() : Promise.reject(new Error(look.errors.join(" "))),
  );
}

/** How a tenant gets back to what it holds now, whatever a run that was stopped has left. */
function keep({ tenant }: TestTenant): () => void {
  const tables = Object.values(tenant.context.store.tables).map((table) => {
    const rows = table.list();
    // SAFETY: each table gets its own rows back.
    return () => (table.replaceAll as (rows: unknown[]) => void)(rows);
  });
  return () => tables.forEach((restore) => restore());
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error("Nothing was thrown.");
}
