import assert from "node:assert/strict";
import { SideError } from "../../../review/claims/side-process.ts";

describe("what a ref's program is at fault for", () => {
  const lineOf = (message: string) =>
    new SideError({ type: "error", mistake: true, message, text: message }).line;

  it("is said in one line", () => {
    assert.equal(lineOf("boom\n  second line\n"), "boom second line");
  });

  it("leaves out the commands that would mend a file at hand", () => {
    const message = [
      "The stack's configuration has 2 errors:",
      "  workforce-sso:applications is missing",
      "    pulumi config set --path \"applications[0]\" '{}'",
      "  workforce-sso:applicationz is not known. Did you mean applications?",
      "    pulumi config set applications x && pulumi config rm applicationz",
    ];
    assert.equal(
      lineOf(message.join("\n")),
      "The stack's configuration has 2 errors: workforce-sso:applications is missing; " +
        "workforce-sso:applicationz is not known. Did you mean applications?",
    );
  });
});
