/** A host name of at least two labels, such as `xyz.onmicrosoft.com`. */
const hostName = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/i;

/** Says what is wrong with a host name, or `undefined` for a good one. */
export function hostNameProblem(text: string): string | undefined {
  return text.length <= 253 && hostName.test(text) ? undefined : "which is not a host name";
}

/** Says what is wrong with the id of an app registration, or nothing. */
export function entraClientIdProblem(text: string): string | undefined {
  return /^[\w.-]{1,255}$/.test(text) ? undefined : "not the id of an app registration";
}

/** Says what is wrong with a connection's name, or nothing. */
export function connectionNameProblem(name: string): string | undefined {
  return name.length <= 128 && /^[a-z0-9](?:-?[a-z0-9])*$/i.test(name)
    ? undefined
    : "not 1 to 128 letters, digits and single inner dashes";
}

/** Says what is wrong with a name that becomes part of resources' names, or nothing. */
export function resourceNameProblem(name: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name)
    ? undefined
    : "not 1 to 64 lower-case letters, digits and inner dashes";
}

/** Says what is wrong with a name that people read in Auth0, or nothing. */
export function displayNameProblem(name: string): string | undefined {
  if (name !== name.trim()) return "which begins or ends with white space";
  return [...name].length <= 255 ? undefined : "and Auth0 accepts at most 255 characters";
}

/**
 * Says that a text contains invisible characters; `undefined` if it does not. They get into a text that is
 * copied from a page. Auth0 or the directory drops, keeps or refuses them, so that later two different texts
 * are compared.
 */
export function invisibleProblem(text: string): string | undefined {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
    ? "which contains a control character or another invisible character"
    : undefined;
}
