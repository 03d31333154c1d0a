import { parseUrl } from "../policy/parse-url.ts";

/** The longest URL that Auth0 takes. */
const mostCharacters = 2048;

/** What is wrong with a URL, and how a browser would write it if only the spelling is wrong. */
export interface UrlProblem {
  readonly problem: string;
  readonly instead?: string;
}

/**
 * Says what is wrong with a URL that browsers are sent to, or `undefined` for a good one.
 *
 * Auth0 compares such URLs as texts, but browsers correct the spelling. So the only good spelling is the one
 * that a browser would use; the slash after a bare host may be missing. An http URL would carry codes and
 * cookies in clear, so it is allowed only on this machine. Placeholders and wildcard hosts let others decide
 * where an employee is sent.
 */
export function browserUrlProblem(text: string): UrlProblem | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return { problem: "which contains white space or a control character" };
  if (text.includes(",")) return { problem: "which contains a comma, and Auth0 splits lists at commas" };
  const placeholder = /\{[^}]*\}?|\}/.exec(text)?.[0];
  if (placeholder !== undefined) {
    return { problem: `whose placeholder ${placeholder} lets others decide where it leads` };
  }
  const url = parseUrl(text);
  if (url === undefined) return { problem: "which is not a URL" };
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return { problem: "which is not an http(s) URL" };
  if (url.username !== "" || url.password !== "") {
    return { problem: "which carries a user name or a password" };
  }
  if (text.includes("#")) return { problem: "which has a fragment, and browsers never send one to a server" };
  const problem = hostProblem(url) ?? spellingProblem(text);
  if (problem !== undefined) return { problem };
  if (text.length > mostCharacters) {
    return { problem: `which has ${text.length} characters, and Auth0 accepts at most ${mostCharacters}` };
  }
  if (url.href === text || url.href === `${text}/`) return undefined;
  return { problem: `which browsers read as ${url.href}`, instead: url.href };
}

/**
 * Says what is wrong with an origin (scheme, host and port, and nothing after), or `undefined` for a good
 * one.
 */
export function originProblem(text: string): UrlProblem | undefined {
  const found = browserUrlProblem(text);
  if (found !== undefined) return found.instead === undefined ? found : { ...found, instead: originOf(text) };
  return originOf(text) === text
    ? undefined
    : { problem: "which is more than an origin (scheme, host and port)", instead: originOf(text) };
}

/** Whether a host, as `URL` writes it, is this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || /^127(\.\d+){3}$/.test(host) || host === "[::1]"
  );
}

function hostProblem({ protocol, hostname, port }: URL): string | undefined {
  if (hostname.includes("*"))
    return "whose host is a wildcard, so whoever owns a matching host gets the codes";
  if (hostname.endsWith(".")) return "whose host ends with a dot";
  if (/^\.|\.\./.test(hostname)) return "whose host has one dot too many";
  if (port === "0") return "whose port is 0, where nothing listens";
  if (protocol === "http:" && !isLoopback(hostname))
    return "which must use https, because it is not on this machine";
  return undefined;
}

function spellingProblem(text: string): string | undefined {
  if (text.includes("*")) return "which contains a *, which is a wildcard or leads nowhere";
  const encoded = /%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f/i.exec(text)?.[0];
  return encoded === undefined ? undefined : `whose ${encoded} encodes no character, or a control character`;
}

function originOf(text: string): string {
  return new URL(text).origin;
}
