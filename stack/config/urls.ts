/**
 * Says what is wrong with a URL that browsers are sent to, or nothing.
 *
 * An http URL would carry codes and cookies in clear, so it is good for the own machine only.
 */
export function browserUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "which is not a URL";
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is not an http(s) URL";
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return "which needs https outside the own machine";
  if (url.username !== "" || url.password !== "") return "which carries a user name or a password";
  if (text.includes("#")) return "which has a fragment, and none is ever sent to a server";
  return undefined;
}

/** Says what is wrong with an origin (scheme, host and port, nothing after), or nothing. */
export function originProblem(text: string): string | undefined {
  const problem = browserUrlProblem(text);
  if (problem !== undefined) return problem;
  return new URL(text).origin === text ? undefined : "which is more than an origin";
}

/** Whether a host, as `URL` writes it, is this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || /^127(\.\d+){3}$/.test(host) || host === "[::1]"
  );
}
