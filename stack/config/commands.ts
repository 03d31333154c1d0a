/**
 * The commands that errors offer. People in a hurry type them without thinking. So each command works on the
 * value that is there, and none lets more groups or people through than the person has written down: a
 * selection is never removed, but renamed or wrapped with its value.
 */

/** The command that sets a key; a key with a path inside an object or a list needs `--path`. */
export function setCommand(key: string, value: string): string {
  return `pulumi config set ${keyArgument(key)} ${shellWord(value)}`;
}

/** The command that removes a key. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${keyArgument(key)}`;
}

/**
 * The command that replaces a value that is not a list by a list. Inside an object the CLI refuses to do so
 * unless the old value is removed first.
 */
export function listCommand(key: string, value: string): string {
  const set = setCommand(`${key}[0]`, value);
  return /[.[]/.test(key) ? inOrder(removeCommand(key), set) : set;
}

/** The command that moves a value to another key. It sets the new key before it removes the old one. */
export function renameCommand(from: string, to: string, value: unknown): string {
  return inOrder(...leaves(to, value), removeCommand(from));
}

/** The command that gives a stack's keys the right namespace. */
export function renameNamespaceCommand(from: string, to: string, file: string): string {
  return `sed -i.former "s/^  ${from}:/  ${to}:/" ${file}`;
}

/** Several commands, each run only if the one before has worked. */
export function inOrder(...commands: readonly string[]): string {
  return commands.join(" && ");
}

/** A key inside an object, as it is written in a path. */
export function fieldPath(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function leaves(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(`${key}[${index}]`, item));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, field]) => leaves(`${key}${fieldPath(name)}`, field));
  }
  if (typeof value !== "string") return [setCommand(key, String(value))];
  // Without the flag the CLI would store such a text as the boolean or number that it looks like.
  const lookalike = /^(?:true|false|[-+]?\d.*)$/i.test(value) ? " --type string" : "";
  return [`pulumi config set${lookalike} ${keyArgument(key)} ${shellWord(value)}`];
}

/** Puts a path into double quotes, which every shell understands, unless the path contains some. */
function keyArgument(key: string): string {
  if (!/[.[]/.test(key)) return key;
  return key.includes('"') ? `--path ${quoted(key)}` : `--path "${key}"`;
}

/** A value as one argument, also if it begins like an option. */
function shellWord(text: string): string {
  const word = /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
  return text.startsWith("-") ? `-- ${word}` : word;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
