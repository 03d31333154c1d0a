import type { EffectivePolicy } from "./effective-policy.ts";
import type { Run } from "./outcome.ts";
import { capGroups } from "./policy.ts";
import type { ActionSettings, ClaimTarget } from "./settings.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

/**
 * Auth0 fails a sign-in whose token carries more than 100 kB in custom claims, names and values together: the rest is for the
 * claim's name, the marker and the claims of other Actions.
 */
export const MOST_CLAIM_BYTES = 90_000;
// A SAML attribute's value holds 2 kB (https://auth0.com/docs/customize/actions/limitations).
const SAML_VALUE_BYTES = 2000;

/**
 * Puts the selected groups into the configured tokens, or into the assertion when the sign-in is a SAML one, cut to
 * their caps. When they were cut, a second claim named after the first with `_truncated` at its end says `true`.
 * Writes nothing when no group is left. Gives the outcome, and how many groups were written.
 *
 * Whether a token of this sign-in carries the claim is told as far as the event says which are issued. A claim for one that is not
 * does no harm, so it is written all the same: should Auth0 issue that token after all, it has the groups.
 */
export function writeClaims(
  event: PostLoginEvent,
  api: PostLoginApi,
  { groupsClaim, tokens }: ActionSettings,
  { maxCount, maxBytes }: EffectivePolicy,
  groups: readonly string[],
): Run {
  const { protocol = "", requested_scopes: scopes, response_type: types } = event.transaction ?? {};
  const saml = protocol === "samlp";
  // An application's metadata, edited by hand, may name any cap.
  const most = Math.min(maxBytes, saml ? SAML_VALUE_BYTES : MOST_CLAIM_BYTES);
  const { groups: written, capped } = capGroups(groups, maxCount, most);
  const write = (name: string, value: unknown): void => {
    for (const token of tokens) {
      if (token !== "saml" && !saml) api[`${token}Token`].setCustomClaim(name, value);
      if (token === "saml" && saml) api.samlResponse?.setAttribute(name, value);
    }
  };
  if (written.length > 0) {
    if (capped) write(`${groupsClaim}_truncated`, true);
    write(groupsClaim, written);
  }
  // Without an API the access token is opaque, and for /userinfo alone, which shows the claims of the ID token. A refresh that names
  // no scopes has those of the sign-in, and only a request to /authorize has a type.
  const oauth = /^(oidc-|oauth2-|redirect-callback$|$)/.test(protocol);
  const fewestScopes = protocol === "oauth2-refresh-token" ? 1 : 0;
  const issued: Record<ClaimTarget, boolean> = {
    saml: saml && api.samlResponse !== undefined,
    access: oauth && !/(^|\/userinfo)$/.test(event.resource_server?.identifier ?? ""),
    id: oauth && !lacks(scopes, /^openid$/, fewestScopes) && !lacks(types, /code|id_token/, 1),
  };
  if (!tokens.some((token) => issued[token])) return { outcome: "not-carried" };
  return { count: written.length, outcome: capped ? "capped" : "ok" };
}

/** Whether it is a list (or, as OAuth has it, a text with spaces), of that many at least, and the one that is looked for is not in it. */
function lacks(list: unknown, wanted: RegExp, fewest: number): boolean {
  const items: unknown = typeof list === "string" ? list.split(" ") : list;
  return Array.isArray(items) && items.length >= fewest && !items.some((item: string) => wanted.test(item));
}
