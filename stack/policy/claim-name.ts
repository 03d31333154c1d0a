/** Hosts whose namespaces Auth0 keeps for itself: claims under them are left out of every token. */
const reservedHosts = ["auth0.com", "webtask.io", "webtask.run"] as const;

/**
 * Says what is wrong with a name for a custom claim, or `undefined` for a good one.
 *
 * Auth0 drops a claim named `groups`, and other restricted names, without a word and lets the sign-in go on; a name under
 * auth0.com, webtask.io or webtask.run meets the same end. So only an http(s) URL under a host of the company's own is let
 * through. Source: "Create Custom Claims" and "Custom claims migration" of Auth0's documentation.
 *
 * @param name The claim's name as configured.
 * @returns A phrase that completes "the claim's name ...", such as `is no http(s) URL`.
 */
export function claimNameFault(name: string): string | undefined {
  if (!URL.canParse(name)) {
    return "is no http(s) URL, and Auth0 silently drops claims such as `groups` that have no namespace";
  }
  const url = new URL(name);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `is no http(s) URL (its scheme is ${JSON.stringify(url.protocol.slice(0, -1))})`;
  }
  if (/\s/.test(name)) return "contains white space";
  if (url.username !== "" || url.password !== "") return "carries a user name or a password";
  const host = url.hostname.replace(/\.$/, "");
  const reserved = reservedHosts.find((reserved) => host === reserved || host.endsWith(`.${reserved}`));
  if (reserved !== undefined) return `lies under ${reserved}, which Auth0 keeps for itself`;
  return undefined;
}
