import assert from "node:assert/strict";
import { startTestEngine } from "../../../support/engine.ts";
import type { TestEngine } from "../../../support/engine.ts";
import { bindAction, boundNames, makeClient } from "../../../support/by-hand.ts";

describe("destroy", function () {
  this.timeout(180_000);
  let test: TestEngine;

  beforeEach(async function () {
    test = await startTestEngine(this);
  });
  afterEach(async () => test?.close());

  it("leaves nothing of ours and everything else, in the order that the tenant's refusals demand", async () => {
    await makeClient(test, "Somebody's application");
    const before = test.made();
    await test.up();
    test.writes();
    await test.destroy();
    assert.deepEqual(test.made(), before);
    const writes = test.writes().map((write) => write.replace(/\/(con|cgr)_\w+|\/[\w-]{32,36}/g, "/ID"));
    // A bound Action cannot be deleted, and the flow has to be whole until it is gone.
    const unbound = writes.indexOf("PATCH /actions/triggers/post-login/bindings 200");
    const deleted = writes.findIndex((write) => write.startsWith("DELETE /actions/actions/ID"));
    assert.ok(unbound === 0 && deleted > unbound, writes.join("\n"));
    assert.deepEqual(
      writes.filter((write) => / [45]\d\d$/.test(write)),
      [],
      "a request was refused",
    );
  });

  it("is refused, before anything is deleted, while Actions of others run at sign-in", async () => {
    const others = await bindAction(test, "Somebody's Action");
    test.configure({ postLoginBefore: [others] });
    await test.up();
    const before = test.made();
    await assert.rejects(test.destroy(), /login-flow-bindings.*protect/s);
    assert.deepEqual(test.made(), before);
  });

  it("leaves the Actions of others bound when ours was taken out of the flow first", async () => {
    const others = await bindAction(test, "Somebody's Action");
    const before = test.made();
    test.configure({ postLoginBefore: [others] });
    await test.up();
    assert.deepEqual(boundNames(test), ["Somebody's Action", "Enrich JWT with Groups from AD"]);
    test.configure({ postLoginBefore: [others], bindAction: false });
    await test.up();
    assert.deepEqual(boundNames(test), ["Somebody's Action"]);
    await test.destroy();
    assert.deepEqual(boundNames(test), ["Somebody's Action"]);
    assert.deepEqual(test.made(), before);
  });
});
