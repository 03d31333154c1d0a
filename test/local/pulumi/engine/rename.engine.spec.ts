import assert from "node:assert/strict";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";
import type { Settings } from "../../../support/engine.ts";
import { signInOverEach, signInsDuring } from "../../../support/sign-ins.ts";

const portal = "XYZ Admin Portal";
const short = { azureTenantDomain: undefined, azureClientId: undefined, azureDomainAliases: undefined };
const directory = {
  name: "xyz",
  tenantDomain: "xyz.onmicrosoft.com",
  clientId: "00000000-0000-4000-8000-000000000000",
  domainAliases: ["xyz.example"],
};
/** The list form of the sample stack. */
const listed = (changes: Settings): Settings => ({ ...short, directories: [{ ...directory, ...changes }] });

describe("a rename by the real engine", function () {
  this.timeout(180_000);
  const test = perTest(startTestEngine);

  it("moves from the short form to the list without touching the connection", async () => {
    await test.up();
    test.configure(listed({ connectionName: "azure-ad" }));
    assert.deepEqual((await test.preview()).changed, []);
  });

  it("of a connection lets every employee sign in with groups all the while", async () => {
    await test.up();
    test.configure(listed({ connectionName: "entra", formerNames: ["azure-ad"] }));
    let changed: string[] = [];
    const results = await signInsDuring(test, portal, async () => ({ changed } = await test.up()));
    assert.deepEqual(
      results.filter(({ outcome }) => outcome !== "ok"),
      [],
    );
    assert.deepEqual(new Set(results.map(({ connection }) => connection)), new Set(["azure-ad", "entra"]));
    assert.ok(changed.includes("create-replacement azure-ad-connection"), changed.join(", "));
    assert.deepEqual(
      test.tenant.context.store.tables.connections
        .list(({ strategy }) => strategy === "waad")
        .map(({ name }) => name),
      ["entra"],
    );
    // The Action knows both names before anybody is let in over the new one, and the old connection goes
    // last.
    const order = test.writes();
    const at = (pattern: RegExp) => order.findLastIndex((write) => pattern.test(write));
    const steps = [
      at(/^POST \/actions\/actions\/[^/]+\/deploy /),
      at(/^PATCH \/connections\/[^/]+\/clients 204/),
      at(/^DELETE \/connections\//),
    ];
    assert.ok(!steps.includes(-1), order.join("\n"));
    assert.deepEqual(
      steps,
      steps.toSorted((left, right) => left - right),
      order.join("\n"),
    );
    assert.deepEqual((await test.up()).changed, []);
  });

  it("of an application keeps its client id and its secret", async () => {
    const application = {
      name: "admin-portal",
      displayName: portal,
      callbacks: ["http://localhost:8000/oidc/callback/"],
      logoutUrls: [],
    };
    test.configure({ applications: [application] });
    await test.up();
    const { clients } = test.tenant.context.store.tables;
    const before = clients.find(({ name }) => name === portal);
    test.configure({
      applications: [
        { ...application, name: "back-office", displayName: "Back office", formerNames: ["admin-portal"] },
      ],
    });
    assert.deepEqual((await test.up()).changed, ["update back-office-client"]);
    const after = clients.find(({ name }) => name === "Back office");
    assert.ok(before?.client_secret !== undefined && before.client_secret.length > 20);
    assert.deepEqual([after?.client_id, after?.client_secret], [before.client_id, before.client_secret]);
    assert.deepEqual(
      (await signInOverEach(test, "Back office")).map(({ outcome }) => outcome),
      ["ok"],
    );
    // Once everybody's state has followed, the former name may go.
    test.configure({ applications: [{ ...application, name: "back-office", displayName: "Back office" }] });
    assert.deepEqual((await test.preview()).changed, []);
  });
});
