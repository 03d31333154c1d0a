import type { GroupPolicy } from "../../action/settings.ts";
import { inOrder, removeCommand, setCommand } from "./commands.ts";
import type { Setting } from "./setting.ts";

const names = ["include", "exclude", "stripPrefix", "rename", "identifier", "maxCount", "maxBytes"] as const;

/**
 * Auth0 fails a sign-in whose token carries more than 100 kB in custom claims, names and values together: the rest is for the
 * claim's name, the marker and the claims of other Actions.
 */
const mostBytesInClaim = 90_000;

/** Reads a group policy, of the stack, a directory or an application; what is not said stays absent. */
export function readGroupPolicy(setting: Setting): GroupPolicy {
  // Taken away, what was meant to select groups would let all of them through.
  const pattern = typeof setting.value === "string" ? setting.value : "XYZ-*";
  const include = setCommand(`${setting.key}.include[0]`, pattern);
  const field = setting.fields(names, inOrder(removeCommand(setting.key), include));
  const read = (item: Setting) => item.text("XYZ-*");
  return {
    ...(field.include.present && { include: field.include.set(read, "XYZ-*") }),
    ...(field.exclude.present && { exclude: field.exclude.set(read, "XYZ-*") }),
    ...(field.stripPrefix.present && { stripPrefix: field.stripPrefix.text("XYZ-") }),
    ...(field.rename.present && { rename: field.rename.textByKey("admins") }),
    ...(field.identifier.present && { identifier: field.identifier.choice(["name", "id"]) }),
    ...(field.maxCount.present && { maxCount: field.maxCount.integer(1, 10_000, 100) }),
    ...(field.maxBytes.present && { maxBytes: field.maxBytes.integer(2, mostBytesInClaim, 8192) }),
  };
}
