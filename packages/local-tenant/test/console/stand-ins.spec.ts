import assert from "node:assert/strict";
import { perTest } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const NAMED = { actionId: "6fff6728-0000-4000-8000-000000000000", displayName: "Risk check" };

describe("stand-ins for Actions of another tenant", () => {
  const test = perTest(() => startTestTenant());

  const ask = (body: unknown, authorization?: string) => {
    const { clientId, clientSecret } = test.tenant.context.store.deployer;
    const own = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
    return test.tenant.app.inject({
      method: "PUT",
      url: "/_local/stand-ins",
      headers: { host: test.tenant.context.domain, authorization: authorization ?? own },
      payload: body as object,
    });
  };
  const actions = () => test.tenant.context.store.tables.actions;

  it("are deployed under the very id, once, and take a new name", async () => {
    assert.equal((await ask([NAMED])).statusCode, 204);
    const made = actions().get(NAMED.actionId);
    assert.equal(made?.name, "Risk check");
    assert.ok(made.deployed_version_id !== undefined);
    assert.equal((await ask([NAMED])).statusCode, 204);
    assert.equal(test.tenant.context.store.tables.actionVersions.size, 1);
    assert.equal((await ask([{ ...NAMED, displayName: "Risk" }])).statusCode, 204);
    assert.equal(actions().get(NAMED.actionId)?.name, "Risk");
    assert.equal(actions().get(NAMED.actionId)?.deployed_version_id, made.deployed_version_id);
  });

  it("leave an Action that is there as it is", async () => {
    await ask([NAMED]);
    const own = { ...actions().get(NAMED.actionId), code: "exports.onExecutePostLogin = async () => 1;" };
    actions().put(own as Parameters<ReturnType<typeof actions>["put"]>[0]);
    await ask([{ ...NAMED, displayName: "Another name" }]);
    assert.deepEqual(actions().get(NAMED.actionId), own);
  });

  it("are made only for the deployer", async () => {
    for (const authorization of ["", "Basic bm9ib2R5Om5vdGhpbmc="]) {
      assert.equal((await ask([NAMED], authorization)).statusCode, 401);
    }
    assert.equal((await ask([{ actionId: "" }])).statusCode, 400);
    assert.equal(actions().size, 0);
  });
});
