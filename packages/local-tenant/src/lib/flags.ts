import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { UsageError, UserError } from "./errors.ts";
import { didYouMean } from "./nearest.ts";

/** A flag of a command that takes only flags. */
export interface Flag {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What is missing where it has no value, such as `the name of a stack`. */
  readonly needs?: string;
  /** It may be given without a value, as `--flag=`. */
  readonly mayBeEmpty?: boolean;
}

export interface FlagTexts {
  /** A sentence that says where all flags are shown. */
  readonly help: string;
  /** The sentence about a word that does not belong to a flag. */
  readonly stray: (word: string) => string;
}

/**
 * Reads a command line that has only flags.
 * @returns the flags that were given with their values; those without one are empty.
 * @throws {UserError} one line for an unknown flag, with the one that was meant, a value that is missing or
 * too many, or a stray word.
 */
export function readFlags(
  args: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  { help, stray }: FlagTexts,
): ReadonlyMap<string, string> {
  return readTokens(args, flags, help, (word) => {
    throw new UserError(`${stray(word)} ${help}`);
  });
}

/**
 * Reads a command line that has words among its flags.
 * @param help A sentence that says where all flags are shown.
 * @returns the words in their order, and the flags as `readFlags` does.
 * @throws {UserError} as `readFlags` does, but for a stray word.
 */
export function readWordsAndFlags(
  args: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  help: string,
): { readonly words: readonly string[]; readonly values: ReadonlyMap<string, string> } {
  const words: string[] = [];
  const values = readTokens(args, flags, help, (word) => void words.push(word));
  return { words, values };
}

function readTokens(
  args: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  help: string,
  takeWord: (word: string) => void,
): ReadonlyMap<string, string> {
  const options = { ...flags };
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") takeWord(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) {
      const known = Object.keys(flags).map((each) => `--${each}`);
      throw new UserError(`There is no flag ${rawName}.${didYouMean(rawName, known)} ${help}`);
    }
    if (flag.type === "boolean" && value !== undefined) {
      throw new UserError(`${rawName} takes no value, and got "${value}".`);
    }
    const empty = value === undefined || (value === "" && flag.mayBeEmpty !== true);
    if (flag.type === "string" && (empty || value.startsWith("--"))) {
      throw new UserError(`${rawName} needs ${flag.needs ?? "a value"}. ${help}`);
    }
    values.set(name, value ?? "");
  }
  return values;
}

/**
 * Node.js's own `parseArgs`, for a command that takes words too.
 * @throws {UsageError} the first sentence of its complaint: the next ones explain how words that begin with a
 * dash are passed.
 */
export function parseWords<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${text.split(/\.\s|\n/)[0]?.replace(/\.$/, "") ?? text}.`);
  }
}
