import type { EffectivePolicy } from "./effective-policy.ts";
import type { Run } from "./outcome.ts";
import { capGroups } from "./policy.ts";
import type { ActionSettings, ClaimTarget } from "./settings.ts";
import type { PostLoginApi, PostLoginEvent } from "./types.ts";

/**
 * Auth0 fails a sign-in whose token has more than 100 kB of custom claims, names and values together. 10 kB
 * are left for the claim's name, the marker and the claims of other Actions.
 */
export const MOST_CLAIM_BYTES = 90_000;
// A SAML attribute's value may have 2 kB (https://auth0.com/docs/customize/actions/limitations).
const SAML_VALUE_BYTES = 2000;

/**
 * Puts the selected groups, cut to their caps, into the configured tokens, or into the assertion of a SAML
 * sign-in. If they were cut, a second claim, named like the first with `_truncated` at its end, is `true`.
 * Writes nothing if no group is left. Returns the outcome, and how many groups were written.
 *
 * The outcome says whether a token of this sign-in carries the claim, as far as the event shows which tokens
 * are issued. The claim is written in any case: it does no harm if the token is not issued, and if Auth0 does
 * issue it, it has the groups.
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
  // An application's metadata may have been edited by hand, so it may name any cap.
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
  // Without an API the access token is opaque and works only for /userinfo, which shows the claims of the ID
  // token. A refresh that names no scopes has those of the sign-in. Only a request to /authorize has a
  // response type.
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

/**
 * Whether the list (or a text with spaces, as in OAuth) has at least `fewest` items and none that is
 * `wanted`.
 */
function lacks(list: unknown, wanted: RegExp, fewest: number): boolean {
  const items: unknown = typeof list === "string" ? list.split(" ") : list;
  return Array.isArray(items) && items.length >= fewest && !items.some((item: string) => wanted.test(item));
}
