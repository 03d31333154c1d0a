import { MOST_CLAIM_BYTES } from "../../action/claim.ts";
import { POLICY_FIELDS } from "../../action/client-metadata.ts";
import type { GroupPolicy } from "../../action/settings.ts";
import { inOrder, removeCommand, setCommand } from "./commands.ts";
import type { Setting } from "./setting.ts";

/**
 * Reads the group policy of the stack, a directory or an application. Fields that are not set stay absent.
 */
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
 * The command that replaces a value that is not a policy by a policy. The value was meant to select groups,
 * and without a policy all groups would get through. So patterns become those of `include`, and any other
 * value is replaced by a policy that keeps every group out.
 */
function policyCommand({ key, value }: Setting): string {
  const patterns = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
  const sets = patterns.map((pattern, index) => setCommand(`${key}.include[${index}]`, pattern));
  return inOrder(removeCommand(key), ...(sets.length > 0 ? sets : [setCommand(`${key}.exclude[0]`, "*")]));
}
