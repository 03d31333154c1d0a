import type { GroupPolicy } from "../../action/settings.ts";
import type { Setting } from "./setting.ts";

const names = ["include", "exclude", "stripPrefix", "rename", "identifier", "maxCount", "maxBytes"] as const;

/**
 * Auth0 fails a sign-in whose token carries more than 100 kB in custom claims, names and values together: the rest is for the
 * claim's name, the marker and the claims of other Actions.
 */
const mostBytesInClaim = 90_000;

/** Reads a group policy, the stack's or an application's; what is not said stays absent. */
export function readGroupPolicy(setting: Setting): GroupPolicy {
  const field = setting.fields(names);
  const pattern = (item: Setting) => item.text("XYZ-*");
  return {
    ...(field.include.present && { include: field.include.set(pattern, "XYZ-*") }),
    ...(field.exclude.present && { exclude: field.exclude.set(pattern, "XYZ-*") }),
    ...(field.stripPrefix.present && { stripPrefix: field.stripPrefix.text("XYZ-") }),
    ...(field.rename.present && { rename: field.rename.textByKey("admins") }),
    ...(field.identifier.present && { identifier: field.identifier.choice(["name", "id"]) }),
    ...(field.maxCount.present && { maxCount: field.maxCount.integer(1, 10_000, 200) }),
    ...(field.maxBytes.present && { maxBytes: field.maxBytes.integer(2, mostBytesInClaim, 8_000) }),
  };
}
