import assert from "node:assert/strict";
import { loginFlowBindings } from "../../../stack/policy/bindings.ts";

const binding = (actionId: string) => ({ actionId, displayName: actionId.toUpperCase() });

describe("loginFlowBindings", () => {
  it("runs ours between those before and those after", () => {
    const bindings = loginFlowBindings([binding("a"), binding("b")], binding("ours"), [binding("c")]);
    assert.deepEqual(
      bindings.map(({ actionId }) => actionId),
      ["a", "b", "ours", "c"],
    );
  });

  it("leaves the others in their order without ours", () => {
    const bindings = loginFlowBindings([binding("b")], undefined, [binding("a")]);
    assert.deepEqual(bindings, [binding("b"), binding("a")]);
  });
});
