import assert from "node:assert/strict";
import { action, answer, handler, printed, withRunner } from "./harness.ts";

const counting = `
  let calls = 0;
  console.log("loaded");
  exports.onExecutePostLogin = async () => { console.log("call " + ++calls); };`;

describe("the source of an Action", () => {
  const { run } = withRunner();

  it("runs once in a process, which later sign-ins find warm", async () => {
    const counted = action(counting);
    const [first, second] = [await run(counted), await run(counted)];
    assert.deepEqual(printed(first), ["loaded", "call 1"]);
    assert.deepEqual(printed(second), ["call 2"]);
    assert.deepEqual([first.runs[0]?.cold, second.runs[0]?.cold], [true, false]);
  });

  it("runs anew when a new version is deployed", async () => {
    const counted = action(counting);
    await run(counted);
    const outcome = await run({ ...counted, versionId: "version-2" });
    assert.deepEqual(printed(outcome), ["loaded", "call 1"]);
    assert.equal(outcome.runs[0]?.cold, true);
  });

  it("gets secrets that were changed without a new version", async () => {
    const show = handler(`console.log(event.secrets.KEY);`, { secrets: { KEY: "old" } });
    assert.deepEqual(printed(await run(show)), ["old"]);
    assert.deepEqual(printed(await run({ ...show, secrets: { KEY: "new" } })), ["new"]);
  });

  it("throws at each run what it threw when it was loaded", async () => {
    const broken = action(`let n = 0; throw new Error("Missing setting " + ++n);`);
    for (let time = 0; time < 2; time++) {
      const outcome = await run(broken);
      assert.equal(outcome.error?.message, "Missing setting 1");
      assert.equal(outcome.error.kind, "thrown");
    }
  });

  it("fails the sign-in when it is not JavaScript", async () => {
    const outcome = await run(action("exports.onExecutePostLogin = async () => {"));
    assert.equal(outcome.status, "failed");
    assert.match(outcome.error?.message ?? "", /Unexpected end of input|missing|Unexpected token/);
  });

  const INVALID = `Invalid function signature for the "onExecutePostLogin" handler. Use "exports.onExecutePostLogin = async function(event, api) { }" as the signature.`;
  const wrong: Record<string, string> = {
    "no export": "",
    "a plain function": "exports.onExecutePostLogin = function () {};",
    "a promise in a plain function": "exports.onExecutePostLogin = () => Promise.resolve();",
    "a number": "exports.onExecutePostLogin = 1;",
    "exports that are no object": "module.exports = async () => {};",
    "exports of null": "module.exports = null;",
  };
  for (const [what, code] of Object.entries(wrong)) {
    it(`is refused with ${what} in the place of an async handler`, async () => {
      const outcome = await run(action(code));
      assert.equal(outcome.status, "failed");
      assert.deepEqual(outcome.error?.kind, "signature");
      assert.equal(outcome.error?.message, INVALID);
    });
  }

  it("is refused without the second handler after a redirect", async () => {
    const [sending] = [handler(`api.redirect.sendUserTo("https://a.example/");`)];
    const outcome = await run(sending, { entry: "onContinuePostLogin", resumeAt: sending.id });
    assert.equal(outcome.error?.kind, "signature");
    assert.match(outcome.error.message, /"onContinuePostLogin" handler/);
  });

  it("may replace module.exports", async () => {
    const outcome = await run(
      action(`module.exports = { onExecutePostLogin: async () => console.log("yes") };`),
    );
    assert.deepEqual(printed(outcome), ["yes"]);
  });

  it("has the built-in modules, with and without the prefix, and by import()", async () => {
    const outcome = await run(
      handler(`const { createHash } = require("crypto"); const { join } = require("node:path");
               const { URL: Url } = await import("node:url");
               console.log(JSON.stringify([typeof createHash, join("a", "b"), Url === URL, typeof fetch, typeof process.version]));`),
    );
    assert.deepEqual(answer(outcome), ["function", "a/b", true, "function", "string"]);
  });

  it("sees no environment, and UTC as its time zone", async () => {
    process.env["WORKFORCE_SSO_TEST_SECRET"] = "not for Actions";
    try {
      const outcome = await run(
        handler(
          `console.log(JSON.stringify([process.env, new Date(0).getTimezoneOffset(), process.cwd() === "/" || process.cwd()]));`,
        ),
      );
      assert.deepEqual((answer(outcome) as unknown[]).slice(0, 2), [{}, 0]);
    } finally {
      delete process.env["WORKFORCE_SSO_TEST_SECRET"];
    }
  });
});
