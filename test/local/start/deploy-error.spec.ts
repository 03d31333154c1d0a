import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { deployError, summary } from "../../../local/start/deploy-error.ts";

describe("what went wrong in a deployment", () => {
  it("is the program's own error where it has thrown one, whatever the engine says around it", () => {
    const error = deployError(
      new Error("code: 255"),
      new RunError("The Action cannot be built: a.ts:1:2: x"),
    );
    assert.ok(error instanceof Error);
    assert.equal(error.message, "The Action cannot be built: a.ts:1:2: x. Correct that and start again.");
  });

  it("is one line, which names the first of several errors and counts the others", () => {
    const errors = [
      "  workforce-sso:a is missing",
      "    pulumi config set a x",
      "  workforce-sso:b is 1, not a text",
    ];
    assert.equal(
      summary(["It has 1 error:", ...errors.slice(0, 2)].join("\n")),
      "It has 1 error: workforce-sso:a is missing.",
    );
    assert.equal(
      summary(["It has 2 errors:", ...errors].join("\n")),
      "It has 2 errors: workforce-sso:a is missing. One more is listed above.",
    );
    assert.match(summary(["It has 3 errors:", ...errors, "  c"].join("\n")), / 2 more are listed above\.$/);
  });
});
