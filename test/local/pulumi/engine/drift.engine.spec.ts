import assert from "node:assert/strict";
import { makeClient } from "../../../../packages/local-tenant/test/support/by-hand.ts";
import { perSuite } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";
import type { TestEngine } from "../../../support/engine.ts";

/** What someone may do to a tenant by hand, and what of the stack that touches. */
const DRIFTS: readonly {
  what: string;
  resource: string;
  /** What else a refresh finds, and what else an update does then. */
  besides?: { readonly found: string; readonly mended: string };
  make: (test: TestEngine) => Promise<{ status: number }>;
}[] = [
  {
    what: "the Action unbound",
    resource: "login-flow-bindings",
    besides: { found: "delete login-flow-binding", mended: "create login-flow-binding" },
    make: (test) => test.api("PATCH", "/actions/triggers/post-login/bindings", { bindings: [] }),
  },
  {
    what: "a scope added to the grant",
    resource: "groups-reader-grant",
    make: (test) =>
      test.api("PATCH", `/client-grants/${machineGrant(test)}`, { scope: ["read:users", "delete:users"] }),
  },
  {
    what: "the Action's code edited",
    resource: "login-flow-action",
    make: (test) =>
      test.api("PATCH", `/actions/actions/${test.tenant.context.store.tables.actions.list()[0]?.id}`, {
        code: "exports.onExecutePostLogin = async () => {};",
      }),
  },
  {
    what: "a callback added to the application",
    resource: "admin-portal-client",
    make: (test) =>
      test.api("PATCH", `/clients/${portal(test)}`, { callbacks: ["https://evil.example/callback"] }),
  },
  {
    what: "a stranger's application enabled on the connection",
    resource: "azure-ad-clients",
    make: async (test) => {
      const client_id = await makeClient(test, "Stranger");
      return test.api("PATCH", `/connections/${connection(test)}/clients`, [{ client_id, status: true }]);
    },
  },
];

describe("drift", function () {
  this.timeout(180_000);
  const test = perSuite(startTestEngine);
  before(async () => {
    await test.up();
  });
  afterEach(async function () {
    // Each test mends what it has broken; the others shall not suffer from one that did not come to that.
    if (this.currentTest?.state === "failed") await test.up();
  });

  it("is not found where nobody has touched anything", async () => {
    const { changed, counts } = await test.refresh();
    assert.deepEqual(changed, []);
    assert.deepEqual(Object.keys(counts), ["same"]);
  });

  for (const { what, resource, besides, make } of DRIFTS) {
    it(`is found by refresh and mended by up: ${what}`, async () => {
      const { status } = await make(test);
      assert.ok(status < 300, `the drift could not be made: ${status}`);
      const more = (which: "found" | "mended") => (besides === undefined ? [] : [besides[which]]);
      assert.deepEqual((await test.refresh()).changed, [...more("found"), `update ${resource}`]);
      assert.deepEqual((await test.up()).changed, [...more("mended"), `update ${resource}`]);
      assert.deepEqual((await test.refresh()).changed, []);
    });
  }
});

function portal({ tenant }: TestEngine): string {
  return tenant.context.store.tables.clients.find(({ name }) => name === "XYZ Admin Portal")?.client_id ?? "";
}

function connection({ tenant }: TestEngine): string {
  return tenant.context.store.tables.connections.find(({ strategy }) => strategy === "waad")?.id ?? "";
}

function machineGrant({ tenant }: TestEngine): string {
  return tenant.context.store.tables.clientGrants.find(({ scope }) => scope.length === 1)?.id ?? "";
}
