import type { EffectivePolicy } from "./effective-policy.ts";
import { capGroups } from "./policy.ts";
import type { CappedGroups } from "./policy.ts";
import type { ActionSettings } from "./settings.ts";
import type { PostLoginApi } from "./types.ts";

// A SAML attribute's value holds 2 kB (https://auth0.com/docs/customize/actions/limitations).
const SAML_VALUE_BYTES = 2000;

/**
 * Puts the selected groups into the configured tokens, or into the assertion when the sign-in is a SAML one, cut to
 * their caps. When they were cut, a second claim named after the first with `_truncated` at its end says `true`.
 * Writes nothing when no group is left; returns what was written.
 */
export function writeClaims(
  api: PostLoginApi,
  settings: ActionSettings,
  policy: EffectivePolicy,
  groups: readonly string[],
  protocol: string | undefined,
): CappedGroups {
  const { groupsClaim, tokens } = settings;
  const { maxCount, maxBytes } = policy;
  const saml = protocol === "samlp";
  const written = capGroups(groups, maxCount, saml ? Math.min(maxBytes, SAML_VALUE_BYTES) : maxBytes);
  const write = (name: string, value: unknown): void => {
    if (saml && tokens.includes("saml")) api.samlResponse?.setAttribute(name, value);
    if (!saml && tokens.includes("id")) api.idToken.setCustomClaim(name, value);
    if (!saml && tokens.includes("access")) api.accessToken.setCustomClaim(name, value);
  };
  if (written.groups.length > 0) {
    if (written.capped) write(`${groupsClaim}_truncated`, true);
    write(groupsClaim, written.groups);
  }
  return written;
}
