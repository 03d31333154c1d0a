import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { startTestEngine } from "../../../support/engine.ts";

describe("a program's error", function () {
  this.timeout(120_000);

  it("is told by the engine once, also after a program that the engine no longer waits for", async function () {
    let program = (): Promise<never> => {
      stop.abort();
      return new Promise(() => undefined);
    };
    const stop = new AbortController();
    const test = await startTestEngine(this, { program: () => program() });
    try {
      await assert.rejects(test.up(stop.signal));
      program = () => Promise.reject(new RunError("The configuration is wrong:\n  here"));
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
