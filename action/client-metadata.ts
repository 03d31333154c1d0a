import type { GroupPolicy } from "./settings.ts";

/** What a policy may have, on one line as in the bundle. */
// prettier-ignore
export const POLICY_FIELDS = ["include", "exclude", "stripPrefix", "rename", "identifier", "maxCount", "maxBytes"] as const satisfies readonly (keyof GroupPolicy)[];

/** What one application's `client.metadata` says to the Action. */
export interface ApplicationMetadata {
  /** The policy of this application, inside the stack's and the directory's. */
  readonly groupPolicy?: GroupPolicy;
  /** Whether a sign-in without groups is denied; absent leaves it to `onMissingGroups`. */
  readonly groupsRequired?: boolean;
}

/** An application's metadata as read back, or the news that it cannot be understood. */
export interface DecodedMetadata extends ApplicationMetadata {
  /** True when the policy was there and could not be read; no group may then leave the Action. */
  readonly invalid?: true;
}

// Auth0 keeps at most 10 metadata keys an application, key and value 255 characters each
// (https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data).
const VALUE_CHARACTERS = 255;
const POLICY_KEYS = 9;
const REQUIRED_KEY = "groups_required";

/**
 * Turns an application's policy into Auth0 client metadata: the policy as JSON in `group_policy`, continued in
 * `group_policy_2` to `group_policy_9`, and `groups_required` as `true` or `false`. Non-ASCII characters are escaped,
 * so that characters and bytes are the same. Throws an Error in one plain sentence when the policy is too long.
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
 * Reads what {@link encodeClientMetadata} wrote. Never throws: a policy that is not a JSON object, lacks a part, or has a field or an
 * `identifier` that nobody knows comes back as `invalid` (a mistyped `exclude` would let all through), and a `groups_required`
 * that is neither `true` nor `false` counts as `true`. The types of the other fields are not checked: the stack has done so, an
 * `include` or `exclude` that is not a list fails where it is used, and no other field lets through what an outer layer keeps out.
 */
export function decodeClientMetadata(metadata: unknown): DecodedMetadata {
  // SAFETY: the copy has own properties of any kind, whatever it is a copy of.
  const values = { ...(metadata as object) } as Readonly<Record<string, unknown>>;
  const decoded = REQUIRED_KEY in values ? { groupsRequired: values[REQUIRED_KEY] !== "false" } : {};
  const parts = Object.keys(values)
    .filter((key) => /^group_policy(_\d+)?$/.test(key))
    .map((_key, index) => values[policyKey(index)]);
  if (parts.length === 0) return decoded;
  try {
    // SAFETY: it is looked at before it is used.
    const groupPolicy = JSON.parse(parts.join("")) as GroupPolicy;
    if (!parts.includes(undefined) && isPolicy(groupPolicy)) return { ...decoded, groupPolicy };
  } catch {
    // Said below.
  }
  return { ...decoded, invalid: true };
}

/** Whether what JSON gave is an object with nothing but what policies have. An object of JSON has this constructor, unless it names one. */
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

/** Cuts text into values that neither start nor end with a space, which a form or an API may trim. */
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
