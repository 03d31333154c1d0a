/**
 * Files of variables for a POSIX shell, with one `NAME='value'` on each line. They are written and read
 * here, so that both agree on how a value is quoted.
 */

/**
 * The variables as lines; `export` puts that word before each, for a file that is sourced without `set -a`.
 */
export function environmentText(
  variables: Readonly<Record<string, string>>,
  { exported }: { readonly exported: boolean },
): string {
  return Object.entries(variables)
    .map(([name, value]) => `${exported ? "export " : ""}${name}=${quoted(value)}\n`)
    .join("");
}

/**
 * A value that a shell reads back as it is, whatever is in it: quotes, `$`, `#`, spaces and line feeds too.
 */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/**
 * Single quotes, a backslash before a character, double quotes in which nothing is expanded, and plain
 * characters.
 */
const WORD = /(?:'[^']*'|\\[^\n]|"(?:[^"\\$`]|\\[^\n])*"|[^\s'"\\#;&|()<>$`])+/.source;
const ASSIGNMENT = new RegExp(
  `^[ \\t]*(?:export[ \\t]+)?([A-Za-z_]\\w*)=(${WORD})?[ \\t]*(?:#[^\\n]*)?$`,
  "gm",
);

/**
 * The variables of a file that assigns them, quoted in any of a shell's ways. What only a shell can work
 * out, such as `A="$B"`, is left out. The last of two lines for one variable counts.
 */
export function readEnvironmentText(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(ASSIGNMENT)].map(([, name = "", word = ""]) => [name, unquoted(word)] as const),
  );
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_all, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? "",
  );
}
