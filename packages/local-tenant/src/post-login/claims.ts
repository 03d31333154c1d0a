import { parseUrl } from "../lib/parse-url.ts";

/**
 * Names that production leaves out of tokens without an error (docs
 * secure/tokens/json-web-tokens/create-custom-claims).
 */
const RESTRICTED = new Set(
  (
    "acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest " +
    "entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce " +
    "object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date " +
    "sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256"
  ).split(" "),
);

/** Domains under which only Auth0 may name claims. */
const RESERVED_DOMAINS = ["auth0.com", "webtask.io", "webtask.run"];

/** Names and values together, for each token. */
const LIMIT_BYTES = 100 * 1024;

/** The claims set by Actions that reach a token, and warnings for the person who wrote the Actions. */
export interface AllowedClaims {
  readonly claims: Record<string, unknown>;
  readonly warnings: string[];
  /** Set when the claims are larger than production allows: then the sign-in fails. */
  readonly tooLarge?: string;
}

/**
 * Applies production's rules for custom claims: restricted names and reserved namespaces are dropped silently
 * there, so they are warnings here; `null` sets no claim; an access token for one of Auth0's own APIs takes
 * only namespaced claims.
 */
export function allowedClaims(
  wanted: Readonly<Record<string, unknown>>,
  token: "ID token" | "access token",
  options: { auth0Api?: boolean } = {},
): AllowedClaims {
  const claims: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const why = whyDropped(name, options.auth0Api === true);
    if (why !== undefined)
      warnings.push(`The ${token} does not get the claim ${JSON.stringify(name)}: ${why}`);
    // `__proto__` as a key of an object literal would be lost.
    else if (value !== null && value !== undefined)
      Object.defineProperty(claims, name, { value, enumerable: true, configurable: true, writable: true });
  }
  const bytes = Buffer.byteLength(JSON.stringify(claims));
  if (bytes <= LIMIT_BYTES) return { claims, warnings };
  const tooLarge = `The custom claims of the ${token} are ${bytes} bytes, and ${LIMIT_BYTES} are allowed.`;
  return { claims: {}, warnings, tooLarge };
}

function whyDropped(name: string, auth0Api: boolean): string | undefined {
  if (RESTRICTED.has(name)) {
    return "the name is restricted, and production drops it without an error. Use a URL that you control.";
  }
  if (name.startsWith("urn:auth0")) return "names that begin with urn:auth0 are reserved.";
  const host = hostOf(name);
  if (host === undefined) {
    return auth0Api ? "for an API of Auth0 its name must be a URL that you control." : undefined;
  }
  const reserved = RESERVED_DOMAINS.find((domain) => host === domain || host.endsWith(`.${domain}`));
  return reserved === undefined ? undefined : `names under ${reserved} are reserved.`;
}

function hostOf(name: string): string | undefined {
  return /^https?:\/\//i.test(name) ? parseUrl(name)?.hostname.toLowerCase() : undefined;
}
