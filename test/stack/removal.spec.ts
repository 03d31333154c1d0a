import assert from "node:assert/strict";
import { startTestEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";

describe("removing the stack where others have bound Actions", function () {
  this.timeout(180_000);
  let test: TestEngine;
  let before: { actionId: string; displayName: string };

  beforeEach(async function () {
    test = await startTestEngine(this);
    const answer = await test.api("POST", "/actions/actions", {
      name: "Risk check",
      supported_triggers: [{ id: "post-login", version: "v3" }],
      code: "exports.onExecutePostLogin = async () => {};",
      runtime: "node22",
    });
    // SAFETY: the tenant has just answered with the Action that it made.
    const { id } = answer.body as { id: string };
    await test.api("GET", `/actions/actions/${id}`);
    assert.equal((await test.api("POST", `/actions/actions/${id}/deploy`)).status, 200);
    before = { actionId: id, displayName: "Risk check" };
    test.configure({ postLoginBefore: [before] });
    await test.up();
  });
  afterEach(async () => test?.close());

  const bound = () => test.tenant.context.store.tables.bindings.list().map((row) => row.display_name);

  it("is refused, and deletes nothing at all, while our Action runs among them", async () => {
    const made = test.made();
    await assert.rejects(test.destroy(), /login-flow-bindings" cannot be deleted\s+because it is protected/);
    assert.deepEqual(test.made(), made);
    assert.deepEqual(bound(), ["Risk check", "Enrich JWT with Groups from AD"]);
  });

  it("leaves theirs bound, and nothing of ours, after ours was taken out", async () => {
    test.configure({ postLoginBefore: [before], bindAction: false });
    assert.deepEqual((await test.up()).changed, ["update login-flow-bindings"]);
    assert.deepEqual(bound(), ["Risk check"]);
    await test.destroy();
    assert.deepEqual(bound(), ["Risk check"]);
    const names = test.tenant.context.store.tables.actions.list().map(({ name }) => name);
    assert.deepEqual(names, ["Risk check"]);
    assert.equal(
      test.made().some((what) => what.startsWith("client ") || what.startsWith("grant ")),
      false,
    );
  });
});
