import assert from "node:assert/strict";
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import program from "../../../../index.ts";
import {
  appendAction,
  bindOnlyAction,
  bindActions,
  boundNames,
} from "../../../../packages/local-tenant/test/support/by-hand.ts";
import type { BoundByHand } from "../../../../packages/local-tenant/test/support/by-hand.ts";
import { startTestEngine } from "../../../support/engine.ts";
import type { TestEngine } from "../../../support/engine.ts";

const OURS = "Enrich JWT with Groups from AD";

describe("the place in the login flow", function () {
  this.timeout(180_000);
  let test: TestEngine;
  let stranger: BoundByHand;
  /** Whether the program of the version 0.1.0 runs in place of today's. */
  let asBefore = false;
  /** Whom that one had in `postLoginBefore`. */
  let listed: BoundByHand[] = [];

  beforeEach(async function () {
    asBefore = false;
    test = await startTestEngine(this, {
      program: async () => (asBefore ? programOf010(listed) : program()),
    });
    stranger = await bindOnlyAction(test, "Stranger");
    listed = [stranger];
  });
  afterEach(async () => test?.close());

  it("is taken and left in shared mode without a word about the others", async () => {
    test.configure({ postLoginBinding: "shared" });
    assert.ok((await test.up()).changed.includes("create login-flow-binding"));
    assert.deepEqual(boundNames(test), ["Stranger", OURS]);
    await appendAction(test, "Later");
    assert.deepEqual((await test.up()).changed, []);
    test.configure({ postLoginBinding: "shared", bindAction: false });
    assert.deepEqual((await test.up()).changed, ["delete login-flow-binding"]);
    assert.deepEqual(boundNames(test), ["Stranger", "Later"]);
    test.configure({ postLoginBinding: "shared" });
    await test.up();
    assert.deepEqual(boundNames(test), ["Stranger", "Later", OURS]);
    await test.destroy();
    assert.deepEqual(boundNames(test), ["Stranger", "Later"]);
  });

  it("is kept at every request of one up that changes the mode, both ways, and so is the stranger's", async () => {
    const exclusive = { postLoginBefore: [stranger] };
    test.configure(exclusive);
    await test.up();
    for (const [settings, change] of [
      [{ postLoginBinding: "shared" }, "delete login-flow-bindings"],
      [exclusive, "create login-flow-bindings"],
    ] as const) {
      test.configure(settings);
      const seen = watchFlow(test);
      assert.deepEqual((await test.up()).changed, [change]);
      for (const names of seen()) assert.deepEqual(names, ["Stranger", OURS], change);
      assert.deepEqual(boundNames(test), ["Stranger", OURS], change);
      assert.deepEqual((await test.up()).changed, [], change);
    }
  });

  it("is not written at all by a change to shared, which only forgets the list", async () => {
    test.configure({ postLoginBefore: [stranger] });
    await test.up();
    await appendAction(test, "Bound by hand");
    test.writes();
    test.configure({ postLoginBinding: "shared" });
    await test.up();
    assert.deepEqual(test.writes(), []);
    assert.deepEqual(boundNames(test), ["Stranger", OURS, "Bound by hand"]);
  });

  it("is left in exclusive mode without unbinding those of the configuration", async () => {
    test.configure({ postLoginBefore: [stranger] });
    await test.up();
    test.configure({ postLoginBefore: [stranger], bindAction: false });
    const seen = watchFlow(test);
    await test.up();
    assert.ok(seen().length > 0);
    for (const names of seen()) assert.deepEqual(names, ["Stranger"]);
    test.configure({ bindAction: false });
    await test.up();
    assert.deepEqual(boundNames(test), ["Stranger"], "a list without entries is forgotten, not emptied");
  });

  it("is taken over from a state of 0.1.0, and then the change to shared is safe", async () => {
    asBefore = true;
    await test.up();
    asBefore = false;
    test.configure({ postLoginBefore: [stranger] });
    const { changed } = await test.preview();
    assert.ok(changed.includes("create login-flow-binding"), changed.join(", "));
    assert.ok(!changed.some((change) => change.endsWith(" login-flow-bindings")), changed.join(", "));
    const seen = watchFlow(test);
    await test.up();
    test.configure({ postLoginBinding: "shared" });
    await test.up();
    for (const names of seen()) assert.deepEqual(names, ["Stranger", OURS]);
    assert.deepEqual(boundNames(test), ["Stranger", OURS]);
  });

  it("is kept by the engine, which refuses the change to shared straight from a state of 0.1.0 with Actions of others", async () => {
    asBefore = true;
    await test.up();
    asBefore = false;
    test.configure({ postLoginBinding: "shared" });
    await assert.rejects(test.up(), /login-flow-bindings.*cannot be deleted\s+because it is protected/s);
    assert.deepEqual(boundNames(test), ["Stranger", OURS]);
  });

  it("is lost with everybody's by the same change where 0.1.0 knew of nobody: only the preflight refuses that", async () => {
    asBefore = true;
    listed = [];
    await test.up();
    await appendAction(test, "Bound by hand");
    asBefore = false;
    test.configure({ postLoginBinding: "shared" });
    await test.up();
    assert.deepEqual(boundNames(test), []);
  });

  for (const mode of ["exclusive", "shared"] as const) {
    it(`is lost to whoever overwrites the list, unseen by up and mended by a refresh first: ${mode}`, async () => {
      test.configure({ postLoginBinding: mode });
      await test.up();
      await bindActions(test, [stranger]);
      assert.deepEqual((await test.up()).changed, []);
      assert.deepEqual(boundNames(test), ["Stranger"]);
      await test.refresh();
      await test.up();
      assert.deepEqual(boundNames(test), mode === "shared" ? ["Stranger", OURS] : [OURS]);
    });
  }
});

/**
 * The login flow as the version 0.1.0 registered it: the list alone, and nothing that keeps its deletion from
 * the tenant.
 */
function programOf010(before: readonly BoundByHand[]): Promise<Record<string, never>> {
  const parent = new pulumi.ComponentResource("workforce-sso:index:LoginFlow", "login-flow");
  const action = new auth0.Action(
    "login-flow-action",
    {
      name: OURS,
      supportedTriggers: { id: "post-login", version: "v3" },
      runtime: "node22",
      code: "exports.onExecutePostLogin = async () => {};",
      deploy: true,
    },
    { parent },
  );
  const list = [
    ...before.map(({ actionId, displayName }) => ({ id: actionId, displayName })),
    { id: action.id, displayName: OURS },
  ];
  new auth0.TriggerActions(
    "login-flow-bindings",
    { trigger: "post-login", actions: list },
    { parent, protect: before.length > 0 },
  );
  return Promise.resolve({});
}

/** Notes who is bound after each write of the login flow. */
function watchFlow(test: TestEngine): () => string[][] {
  const seen: string[][] = [];
  test.tenant.context.log.onRequest(({ method, path }) => {
    if (method === "PATCH" && path.endsWith("/bindings")) seen.push(boundNames(test));
  });
  return () => seen;
}
