import type { GroupPolicy } from "./settings.ts";

/** The fields that a policy may have. On one line, which keeps the bundle short. */
// prettier-ignore
export const POLICY_FIELDS = ["include", "exclude", "stripPrefix", "rename", "identifier", "maxCount", "maxBytes"] as const satisfies readonly (keyof GroupPolicy)[];

/** What one application's `client.metadata` says to the Action. */
export interface ApplicationMetadata {
  /** The application's policy, inside those of the stack and the directory. */
  readonly groupPolicy?: GroupPolicy;
  /** Whether a sign-in without groups is denied. If absent, `onMissingGroups` decides. */
  readonly groupsRequired?: boolean;
}

/** An application's metadata as it was read, or the fact that it cannot be understood. */
export interface DecodedMetadata extends ApplicationMetadata {
  /** True if there was a policy that could not be read. No group may then get into a token. */
  readonly invalid?: true;
}

// Auth0 keeps at most 10 metadata keys for an application; a key and a value may each have 255 characters
// (https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data).
const VALUE_CHARACTERS = 255;
const POLICY_KEYS = 9;
const REQUIRED_KEY = "groups_required";

/**
 * Turns an application's policy into Auth0 client metadata: the policy as JSON in `group_policy`, continued
 * in `group_policy_2` to `group_policy_9`, and `groups_required` as `true` or `false`. Non-ASCII characters
 * are escaped, so that each character is one byte. Throws an Error with one sentence if the policy is too
 * long.
 */
export function encodeClientMetadata(application: ApplicationMetadata): Record<string, string> {
  const metadata: Record<string, string> = {};
  const policy = application.groupPolicy;
  if (policy !== undefined && Object.keys(policy).length > 0) {
    const chunks = split(asciiJson(policy));
    if (chunks.length > POLICY_KEYS) {
      throw new Error(
        `the group policy has ${asciiJson(policy).length} characters as JSON, and an application's metadata holds at most ` +
          `${POLICY_KEYS * VALUE_CHARACTERS}; use patterns with * instead of long lists, or put the policy into ` +
          `the key groupPolicy for all applications`,
      );
    }
    chunks.forEach((chunk, index) => (metadata[policyKey(index)] = chunk));
  }
  if (application.groupsRequired !== undefined) metadata[REQUIRED_KEY] = String(application.groupsRequired);
  return metadata;
}

/**
 * Reads what {@link encodeClientMetadata} wrote. Never throws. A policy that is not a JSON object, lacks a
 * part, or has an unknown field or `identifier` is returned as `invalid`, because a mistyped `exclude` would
 * let all groups through. A `groups_required` that is neither `true` nor `false` counts as `true`. The types
 * of the other fields are not checked: the stack has checked them, an `include` or `exclude` that is not a
 * list fails where it is used, and no other field can let through what an outer layer keeps out.
 */
export function decodeClientMetadata(metadata: unknown): DecodedMetadata {
  // SAFETY: a copy of any value is an object with own properties of any type.
  const values = { ...(metadata as object) } as Readonly<Record<string, unknown>>;
  const decoded = REQUIRED_KEY in values ? { groupsRequired: values[REQUIRED_KEY] !== "false" } : {};
  const parts = Object.keys(values)
    .filter((key) => /^group_policy(_\d+)?$/.test(key))
    .map((_key, index) => values[policyKey(index)]);
  if (parts.length === 0) return decoded;
  try {
    // SAFETY: it is checked before it is used.
    const groupPolicy = JSON.parse(parts.join("")) as GroupPolicy;
    if (!parts.includes(undefined) && isPolicy(groupPolicy)) return { ...decoded, groupPolicy };
  } catch {
    // The result is then invalid, as below.
  }
  return { ...decoded, invalid: true };
}

/**
 * Whether the parsed JSON is an object that has only fields of a policy. A parsed object has the constructor
 * `Object`, unless it has a field of that name.
 */
function isPolicy(policy: GroupPolicy | null): boolean {
  return (
    policy?.constructor === Object &&
    Object.keys(policy).every((field) => (POLICY_FIELDS as readonly string[]).includes(field)) &&
    [undefined, "name", "id"].includes(policy.identifier)
  );
}

function policyKey(index: number): string {
  return index === 0 ? "group_policy" : `group_policy_${index + 1}`;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Cuts a text into values that neither begin nor end with a space, because a form or an API may remove such
 * spaces.
 */
function split(text: string): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + VALUE_CHARACTERS, text.length);
    while (to < text.length && to > from + 1 && (text[to] === " " || text[to - 1] === " ")) to -= 1;
    chunks.push(text.slice(from, to));
    from = to;
  }
  return chunks;
}
