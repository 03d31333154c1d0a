import type { Binding } from "../policy/bindings.ts";
import { removeCommand } from "./commands.ts";
import { type ConfigErrors, shown } from "./config-errors.ts";
import type { Values } from "./keys.ts";

/** Auth0 accepts a list of at most 50 Actions, with ours. */
const mostActions = 50;

/** Checks the rules between the keys that say which Actions run at sign-in. */
export function checkBindings(values: Values, errors: ConfigErrors): void {
  const { postLoginBefore: before, postLoginAfter: after } = values;
  refuseRepeatedBindings(errors, before, after);
  if (before.length + after.length >= mostActions) {
    const key = after.length > 0 ? "postLoginAfter" : "postLoginBefore";
    const last = Math.max(after.length > 0 ? after.length : before.length, 1) - 1;
    const count = before.length + after.length + 1;
    errors.add(
      key,
      `makes ${count} Actions together with ours, and Auth0 accepts at most ${mostActions}`,
      removeCommand(`${key}[${last}]`),
    );
  }
  if (values.postLoginBinding !== "shared") return;
  for (const key of ["postLoginBefore", "postLoginAfter"] as const) {
    if (values[key].length === 0) continue;
    const problem =
      "is set, but with postLoginBinding shared this stack does not manage the Actions of others";
    errors.add(key, problem, removeCommand(key));
  }
}

/** An Action runs once in a flow: the same id in both lists, or twice in one, is an error. */
function refuseRepeatedBindings(
  errors: ConfigErrors,
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
      errors.add(
        key,
        `binds the Action ${shown(actionId)}, which ${earlier} binds already`,
        removeCommand(key),
      );
    }
    if (earlier === undefined) seen.set(actionId, key);
  }
}
