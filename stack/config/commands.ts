/**
 * The commands that errors offer. Whoever is in a hurry types them without a thought, so each works on the value that is there,
 * and none lets more groups or people through than the person has written down: a selection is never removed, it is renamed or
 * wrapped with its value kept.
 */

/** The command that sets a key; a key with a path inside an object or a list needs `--path`. */
export function setCommand(key: string, value: string): string {
  return `pulumi config set ${keyArgument(key)} ${shellWord(value)}`;
}

/** The command that removes a key. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${keyArgument(key)}`;
}

/** The command that makes a list of what is none. The CLI refuses to do so inside an object before the old value is gone. */
export function listCommand(key: string, value: string): string {
  const set = setCommand(`${key}[0]`, value);
  return /[.[]/.test(key) ? inOrder(removeCommand(key), set) : set;
}

/** The command that moves a value to another key: first there, and only then away from where it is. */
export function renameCommand(from: string, to: string, value: unknown): string {
  return inOrder(...leaves(to, value), removeCommand(from));
}

/** The command that gives a stack's keys the namespace that they have to have. */
export function renameNamespaceCommand(from: string, to: string, file: string): string {
  return `sed -i.former "s/^  ${from}:/  ${to}:/" ${file}`;
}

/** One command after the other, the next only if the one before has worked. */
export function inOrder(...commands: readonly string[]): string {
  return commands.join(" && ");
}

/** A key inside an object, as a path has it. */
export function fieldPath(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function leaves(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(`${key}[${index}]`, item));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, field]) => leaves(`${key}${fieldPath(name)}`, field));
  }
  if (typeof value !== "string") return [setCommand(key, String(value))];
  // The CLI would take such a text for what it looks like.
  const lookalike = /^(?:true|false|[-+]?\d.*)$/i.test(value) ? " --type string" : "";
  return [`pulumi config set${lookalike} ${keyArgument(key)} ${shellWord(value)}`];
}

/** Double quotes are good in every shell, unless the path has some of its own. */
function keyArgument(key: string): string {
  if (!/[.[]/.test(key)) return key;
  return key.includes('"') ? `--path ${quoted(key)}` : `--path "${key}"`;
}

/** A value is an argument of its own, also one that begins like an option. */
function shellWord(text: string): string {
  const word = /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
  return text.startsWith("-") ? `-- ${word}` : word;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
