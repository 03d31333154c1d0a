const SECRET_NAME = /token|passw(or)?d|secret|_auth$|api_?key/i;
const PROXY_NAME = /proxy$/i;
/** Shorter values are not hidden: a message may have such a word for another reason. */
const SHORTEST = 6;

/**
 * Takes secrets out of another program's text: the user and password of an address, what follows `Bearer` or
 * `Basic`, and the values of variables whose name says that they are secret.
 */
export function hideSecrets(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(env).flatMap(([name, value = ""]) => {
    if (PROXY_NAME.test(name)) return passwordsOf(value);
    return SECRET_NAME.test(name) && value.length >= SHORTEST ? [value] : [];
  });
  return known
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, value) => rest.replaceAll(value, "***"), text)
    .replace(/\/\/[^\s/@"']+@/g, "//")
    .replace(/\b(Bearer|Basic) [\w.~+/=-]{6,}/gi, "$1 ***");
}

/** The password of an address as it is written there, and as it is meant. */
function passwordsOf(address: string): string[] {
  const written = /^(?:\w+:\/\/)?[^:@]*:(.+)@/.exec(address)?.[1];
  if (written === undefined) return [];
  return [...new Set([written, decoded(written)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
