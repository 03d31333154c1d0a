import assert from "node:assert/strict";
import { startTestEngine } from "../../../support/engine.ts";
import {
  bindOnlyAction,
  boundNames,
  makeClient,
  makeConnection,
} from "../../../../packages/local-tenant/test/support/by-hand.ts";

describe("import", function () {
  this.timeout(180_000);

  it("takes over a connection, a client and an Action that exist, without replacing them", async function () {
    const imports = new Map<string, string>();
    const { runtime } = await import("@pulumi/pulumi");
    const { default: program } = await import("../../../../index.ts");
    const importing = () => {
      runtime.registerResourceTransform(({ name, props, opts }) => {
        const id = imports.get(name);
        return id === undefined ? undefined : { props, opts: { ...opts, import: id } };
      });
      return program();
    };
    const test = await startTestEngine(this, { program: importing });
    try {
      imports.set("admin-portal-client", await makeClient(test, "XYZ Admin Portal"));
      imports.set("azure-ad-connection", await makeConnection(test));
      imports.set(
        "login-flow-action",
        (await bindOnlyAction(test, "Enrich JWT with Groups from AD")).actionId,
      );
      const { changed } = await test.up();
      assert.deepEqual(
        changed.filter((change) => change.startsWith("import ")),
        ["import admin-portal-client", "import azure-ad-connection", "import login-flow-action"],
      );
      assert.ok(
        changed.every((change) => !/replace|delete/.test(change)),
        changed.join(", "),
      );
      const { clients, connections, actions } = test.tenant.context.store.tables;
      for (const id of imports.values())
        assert.ok(clients.get(id) ?? connections.get(id) ?? actions.get(id), id);
      assert.deepEqual(boundNames(test), ["Enrich JWT with Groups from AD"]);
      imports.clear();
      assert.deepEqual((await test.up()).changed, []);
    } finally {
      await test.close();
    }
  });
});
