import assert from "node:assert/strict";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";
import type { Settings } from "../../../support/engine.ts";
import { signInOverEach } from "../../../support/sign-ins.ts";

const short = { azureTenantDomain: undefined, azureClientId: undefined, azureDomainAliases: undefined };
const xyz = {
  name: "xyz",
  tenantDomain: "xyz.onmicrosoft.com",
  clientId: "an-id",
  domainAliases: ["xyz.example"],
};
const abc = { name: "abc", tenantDomain: "abc.onmicrosoft.com", clientId: "another-id", maxGroups: 300 };
const application = (name: string, changes: Settings = {}) => ({
  name,
  callbacks: [`https://${name}.xyz.example/cb`],
  logoutUrls: [],
  ...changes,
});

describe("directories and applications by the real engine", function () {
  this.timeout(240_000);
  const test = perTest(startTestEngine);

  const enabledOn = (connection: string) => {
    const { connections, clients } = test.tenant.context.store.tables;
    const ids = connections.find(({ name }) => name === connection)?.enabled_clients ?? [];
    return ids.map((id) => clients.get(id)?.name ?? id).toSorted();
  };

  it("are connected as the applications say, with a secret each, and groups of the further ones count on request", async () => {
    const applications = [application("portal"), application("wiki", { directories: ["xyz", "abc"] })];
    test.configure({ ...short, applications, directories: [xyz, abc] });
    await test.up();
    assert.deepEqual([enabledOn("xyz"), enabledOn("abc")], [["portal", "wiki"], ["wiki"]]);
    const { connections } = test.tenant.context.store.tables;
    const options = ["xyz", "abc"].map((name) => connections.find((row) => row.name === name)?.options);
    assert.notEqual(options[0]?.["client_secret"], options[1]?.["client_secret"]);
    assert.deepEqual(
      options.map((row) => row?.["max_groups_to_retrieve"]),
      [undefined, "300"],
    );
    const outcomes = async () =>
      Object.fromEntries(
        (await signInOverEach(test, "wiki")).map(({ connection, outcome }) => [connection, outcome]),
      );
    assert.deepEqual(await outcomes(), { xyz: "ok", abc: "skipped" });
    assert.deepEqual((await test.up()).changed, []);
    test.configure({
      ...short,
      applications,
      directories: [xyz, { ...abc, groupPolicy: { include: ["*"] } }],
    });
    assert.deepEqual((await test.up()).changed, ["update login-flow-action"]);
    assert.deepEqual(await outcomes(), { xyz: "ok", abc: "ok" });
  });

  it("may be more than one request takes, and nobody is disabled when they grow beyond", async () => {
    const applications = (count: number) => ({
      groupSources: ["event"],
      applications: Array.from({ length: count }, (_, index) => application(`app-${index}`)),
    });
    test.configure(applications(50));
    await test.up();
    assert.equal(enabledOn("azure-ad").length, 50);
    test.configure(applications(51));
    const { changed } = await test.up();
    assert.equal(enabledOn("azure-ad").length, 51);
    assert.ok(changed.includes("create azure-ad-client-app-50"), changed.join(", "));
    assert.deepEqual((await test.preview()).changed, []);
  });
});
