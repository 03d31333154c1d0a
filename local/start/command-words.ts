/** A Pulumi command line as its parser sees it. */
export interface CommandWords {
  /** The command, its subcommand and its arguments: all words that are neither a flag nor a flag's value. */
  readonly words: readonly string[];
  /** Names of the flags, without their values. */
  readonly flags: readonly string[];
  /**
   * Flags and arguments as they were typed, without the command, its subcommand, and the flags that say where
   * it works.
   */
  readonly rest: readonly string[];
}

/** Flags that name the stack, the file, the folder or the colours. */
const WHERE = new Set(["--stack", "-s", "--cwd", "-C", "--config-file", "--color"]);

/** Flags of any command that take the next word as their value. */
const WITH_VALUE = new Set([
  "--color",
  "--config",
  "--config-file",
  "--cwd",
  "--dest",
  "--memprofilerate",
  "--message",
  "--otel-traces",
  "--profiling",
  "--secrets-provider",
  "--stack",
  "--tracing",
  "--type",
  "--verbose",
  "-C",
  "-c",
  "-d",
  "-m",
  "-s",
  "-v",
]);

/** Tells a command and its arguments from flags and their values. */
export function commandWords(args: readonly string[]): CommandWords {
  const words: string[] = [];
  const flags: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      words.push(...args.slice(index + 1));
      rest.push(...args.slice(index));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (words.push(arg) > 2) rest.push(arg);
      continue;
    }
    const name = nameOf(arg);
    flags.push(name);
    const typed = name === arg && takesValue(arg, words) ? args.slice(index, index + 2) : [arg];
    index += typed.length - 1;
    if (!WHERE.has(name)) rest.push(...typed);
  }
  return { words, flags, rest };
}

/** Two flags are switches of some commands, and take a value of `config set-all`. */
function takesValue(flag: string, words: readonly string[]): boolean {
  if (flag === "--secret" || flag === "--plaintext" || flag === "--json") return words[1] === "set-all";
  return WITH_VALUE.has(flag);
}

/** `--stack` of `--stack=dev`, and `-s` of `-sdev`. */
function nameOf(arg: string): string {
  if (arg.startsWith("--")) return arg.split("=")[0] ?? arg;
  const short = arg.slice(0, 2);
  return WITH_VALUE.has(short) ? short : arg;
}
