import type { Binding } from "../policy/bindings.ts";
import type { Setting } from "./setting.ts";
import { displayNameProblem } from "./texts.ts";

/** Reads a list of Actions that exist in the tenant and stay bound. */
export function readBindings(setting: Setting): Binding[] {
  return setting.list((item) => {
    const field = item.fields(["actionId", "displayName"]);
    return {
      actionId: field.actionId.text("6fff6728-0000-4000-8000-000000000000", (id) =>
        /^[\w-]{1,255}$/.test(id) ? undefined : "not the id of an Action",
      ),
      displayName: field.displayName.text("Risk check", displayNameProblem),
    };
  }, "{}");
}
