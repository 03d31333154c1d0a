import { MOST_CLAIM_BYTES } from "../../action/claim.ts";
import { POLICY_FIELDS } from "../../action/client-metadata.ts";
import type { GroupPolicy } from "../../action/settings.ts";
import { inOrder, removeCommand, setCommand } from "./commands.ts";
import type { Setting } from "./setting.ts";

/** Reads a group policy, of the stack, a directory or an application; what is not said stays absent. */
export function readGroupPolicy(setting: Setting): GroupPolicy {
  const field = setting.fields(POLICY_FIELDS, policyCommand(setting));
  const read = (item: Setting) => item.text("XYZ-*");
  return {
    ...(field.include.present && { include: field.include.set(read, "XYZ-*") }),
    ...(field.exclude.present && { exclude: field.exclude.set(read, "XYZ-*") }),
    ...(field.stripPrefix.present && { stripPrefix: field.stripPrefix.text("XYZ-") }),
    ...(field.rename.present && { rename: field.rename.textByKey("admins") }),
    ...(field.identifier.present && { identifier: field.identifier.choice(["name", "id"]) }),
    ...(field.maxCount.present && { maxCount: field.maxCount.integer(1, 10_000, 100) }),
    ...(field.maxBytes.present && { maxBytes: field.maxBytes.integer(2, MOST_CLAIM_BYTES, 8192) }),
  };
}

/**
 * The command that makes a policy of what is none. Taken away, what was meant to select groups would let all of them through: patterns
 * become those of `include`, and anything else keeps every group out until somebody says which.
 */
function policyCommand({ key, value }: Setting): string {
  const patterns = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
  const sets = patterns.map((pattern, index) => setCommand(`${key}.include[${index}]`, pattern));
  return inOrder(removeCommand(key), ...(sets.length > 0 ? sets : [setCommand(`${key}.exclude[0]`, "*")]));
}
