import type { Binding } from "../policy/bindings.ts";
import { type Faults, removeCommand, shown } from "./faults.ts";
import type { Setting } from "./setting.ts";

/** Reads a list of Actions that exist in the tenant and stay bound. */
export function readBindings(setting: Setting): Binding[] {
  return setting.list((item) => {
    const field = item.fields(["actionId", "displayName"]);
    return {
      actionId: field.actionId.text("6fff6728-0000-4000-8000-000000000000", (id) =>
        /\s/.test(id) ? "which contains white space" : undefined,
      ),
      displayName: field.displayName.text("Risk check"),
    };
  }, "{}");
}

/** An Action runs once in a flow: the same id in both lists, or twice in one, is a fault. */
export function refuseRepeatedBindings(
  faults: Faults,
  before: readonly Binding[],
  after: readonly Binding[],
): void {
  const all = [
    ...before.map(({ actionId }, index) => ({ actionId, key: `postLoginBefore[${index}]` })),
    ...after.map(({ actionId }, index) => ({ actionId, key: `postLoginAfter[${index}]` })),
  ];
  const seen = new Map<string, string>();
  for (const { actionId, key } of all) {
    const earlier = seen.get(actionId);
    if (actionId !== "" && earlier !== undefined) {
      faults.add(
        key,
        `binds the Action ${shown(actionId)} that ${earlier} binds already`,
        removeCommand(key),
      );
    }
    if (earlier === undefined) seen.set(actionId, key);
  }
}
