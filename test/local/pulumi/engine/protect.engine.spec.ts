import assert from "node:assert/strict";
import { boundNames } from "../../../../packages/local-tenant/test/support/by-hand.ts";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";

const OURS = "Enrich JWT with Groups from AD";

describe("protect by the real engine", function () {
  this.timeout(240_000);
  const test = perTest(startTestEngine);
  beforeEach(async () => {
    test.configure({ protect: true });
    await test.up();
  });

  it("lets a rotation, another mode of the binding and one application more through", async () => {
    test.configure({ protect: true, machineClientGeneration: 2, postLoginBinding: "shared" });
    await test.up();
    const next = await test.up();
    assert.ok(next.changed.includes("delete groups-reader-client"), next.changed.join(", "));
    test.configure({
      protect: true,
      groupSources: ["event"],
      applications: ["admin-portal", "reports"].map(application),
    });
    await test.up();
    assert.deepEqual(boundNames(test), [OURS]);
  });

  it("refuses a destroy, a rename of the connection and an application less before anything is sent", async () => {
    test.writes();
    await assert.rejects(test.destroy(), /login-flow-binding.*cannot be deleted/s);
    test.configure({ protect: true, connectionName: "another" });
    await assert.rejects(test.up(), /unable to replace resource.*azure-ad-connection/s);
    test.configure({ protect: true, applications: [application("reports")] });
    await assert.rejects(test.preview(), /admin-portal-c.*cannot be deleted/s);
    assert.deepEqual(test.writes(), []);
  });

  it("is over after an up with false", async () => {
    test.configure({ protect: false });
    assert.deepEqual((await test.up()).changed, []);
    await test.destroy();
    assert.deepEqual(test.made(), []);
  });
});

function application(name: string) {
  return { name, callbacks: [`https://${name}.xyz.example/`], logoutUrls: [`https://${name}.xyz.example/`] };
}
