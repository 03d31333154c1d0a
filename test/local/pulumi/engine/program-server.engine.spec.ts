import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { startTestEngine } from "../../../support/engine.ts";

describe("a program's error", function () {
  this.timeout(120_000);

  it("is told by the engine once", async function () {
    const program = async () => {
      throw new RunError("The configuration is wrong:\n  here");
    };
    const test = await startTestEngine(this, { program });
    try {
      await assert.rejects(test.preview(), ({ message }: Error) => {
        const [printed = ""] = message.split("code: ");
        assert.equal(printed.match(/^ {4}error: The configuration is wrong:$/gm)?.length, 1, printed);
        assert.match(printed, / 1 error$/m);
        return true;
      });
    } finally {
      await test.close();
    }
  });
});
