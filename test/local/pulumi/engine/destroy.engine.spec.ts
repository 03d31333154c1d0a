import assert from "node:assert/strict";
import { perTest } from "../../../../packages/local-tenant/test/support/per-suite.ts";
import { startTestEngine } from "../../../support/engine.ts";
import {
  appendAction,
  bindOnlyAction,
  boundNames,
  makeClient,
} from "../../../../packages/local-tenant/test/support/by-hand.ts";

const OURS = "Enrich JWT with Groups from AD";

describe("destroy", function () {
  this.timeout(180_000);
  const test = perTest(startTestEngine);

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

  it("takes our Action alone out of the flow, whoever has bound the others and wherever they run", async () => {
    const before = await bindOnlyAction(test, "Listed before");
    test.configure({ postLoginBefore: [before] });
    await test.up();
    // The tenant's list, not the configuration's: nobody has told the stack of this one.
    await appendAction(test, "Bound by hand");
    assert.deepEqual(boundNames(test), ["Listed before", OURS, "Bound by hand"]);
    test.writes();
    await test.destroy();
    assert.deepEqual(boundNames(test), ["Listed before", "Bound by hand"]);
    assert.deepEqual(
      test.made().filter((what) => what.startsWith("action ")),
      ["action Bound by hand", "action Listed before"],
    );
    assert.deepEqual(
      test.writes().filter((write) => / [45]\d\d$/.test(write)),
      [],
      "a request was refused",
    );
  });

  it("leaves the Actions of others bound when ours was taken out of the flow first", async () => {
    const others = await bindOnlyAction(test, "Somebody's Action");
    const before = test.made();
    test.configure({ postLoginBefore: [others] });
    await test.up();
    assert.deepEqual(boundNames(test), ["Somebody's Action", OURS]);
    test.configure({ postLoginBefore: [others], bindAction: false });
    await test.up();
    assert.deepEqual(boundNames(test), ["Somebody's Action"]);
    await test.destroy();
    assert.deepEqual(boundNames(test), ["Somebody's Action"]);
    assert.deepEqual(test.made(), before);
  });
});
