import assert from "node:assert/strict";
import { requirePlugin, startTestEngine } from "../../../support/engine.ts";
import type { TestEngine } from "../../../support/engine.ts";
import type { Plugin } from "../../../../local/pulumi/engine/plugin.ts";

const STAND_IN: Plugin = { kind: "stand-in", why: "the test chooses it" };

describe("a state made by one provider", function () {
  this.timeout(180_000);
  let plugin: Plugin;
  let test: TestEngine | undefined;

  before(async function () {
    plugin = await requirePlugin(this);
  });
  afterEach(async () => {
    await test?.close();
    test = undefined;
  });

  for (const [first, second] of [
    ["stand-in", "plugin"],
    ["plugin", "stand-in"],
  ] as const) {
    it(`is taken over unchanged, and found without drift, by the other: ${first}, then ${second}`, async function () {
      const of = { "stand-in": STAND_IN, plugin };
      test = await startTestEngine(this, { plugin: of[first] });
      await test.up();
      await test.switchTo(of[second]);
      assert.deepEqual((await test.preview()).changed, []);
      assert.deepEqual((await test.refresh()).changed, []);
      assert.deepEqual((await test.up()).changed, []);
      await test.destroy();
      assert.deepEqual(test.made(), []);
    });
  }
});
