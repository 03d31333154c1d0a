import { parseUrl } from "./parse-url.ts";

/** Hosts whose namespaces Auth0 keeps for itself. It leaves claims under them out of every token. */
const reservedHosts = ["auth0.com", "webtask.io", "webtask.run"] as const;

/**
 * The name of a SAML attribute may have 1 kB (https://auth0.com/docs/customize/actions/limitations), with
 * `_truncated` at its end.
 */
const mostCharacters = 1000;

/**
 * Says what is wrong with a name for a custom claim, or `undefined` for a good one.
 *
 * Auth0 silently drops a claim named `groups` and other restricted names, and the sign-in goes on. It does
 * the same with names under auth0.com, webtask.io and webtask.run. So this function accepts only an http(s)
 * URL under another host. Source: "Create Custom Claims" and "Custom claims migration" in Auth0's
 * documentation.
 *
 * @param name The claim's name as configured.
 * @returns A phrase that completes "the claim's name ...", such as `is not an http(s) URL`.
 */
export function claimNameProblem(name: string): string | undefined {
  const url = parseUrl(name);
  if (url === undefined) {
    return "is not an http(s) URL, and Auth0 silently drops claims such as `groups` that have no namespace";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `is not an http(s) URL (its scheme is ${JSON.stringify(url.protocol.slice(0, -1))})`;
  }
  if (/\s/.test(name)) return "contains white space";
  // Applications compare the claim as it is written. If a URL parser corrects or drops a part, the name is
  // another one than the person meant.
  if (!/^https?:\/\/[^/\\]+(\/[^\\]*)?$/.test(name) || /[\p{Cc}\p{Cf}]/u.test(name)) {
    return "is not spelled as a URL: begin it with http:// or https:// in small letters, and use no backslash and no invisible character";
  }
  if (name.length > mostCharacters)
    return `has ${name.length} characters, and at most ${mostCharacters} are allowed`;
  if (url.username !== "" || url.password !== "") return "carries a user name or a password";
  const host = url.hostname.replace(/\.$/, "");
  const reserved = reservedHosts.find((reserved) => host === reserved || host.endsWith(`.${reserved}`));
  if (reserved !== undefined) return `lies under ${reserved}, which Auth0 keeps for itself`;
  return undefined;
}
