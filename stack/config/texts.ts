/** A host name of at least two labels, such as `xyz.onmicrosoft.com`. */
const hostName = /^(?!-)[a-z0-9-]+(?<!-)(\.(?!-)[a-z0-9-]+(?<!-))+$/i;

/** Says what is wrong with a host name, or nothing. */
export function hostNameProblem(text: string): string | undefined {
  return hostName.test(text) ? undefined : "which is not a host name";
}

/** Says what is wrong with the id of an app registration, or nothing. */
export function entraClientIdProblem(text: string): string | undefined {
  return whiteSpaceProblem(text);
}

/** Says that a text has white space in it, or nothing. */
export function whiteSpaceProblem(text: string): string | undefined {
  return /\s/.test(text) ? "which contains white space" : undefined;
}
