/** The first place where a text is not JSON; both numbers count from 1. */
export interface JsonSyntaxError {
  readonly line: number;
  readonly column: number;
  /** Such as `a comma or } after the value`. */
  readonly expected: string;
}

/** Where a text stops being JSON, which JSON.parse does not always tell; `undefined` where it is JSON. */
export function jsonSyntaxError(text: string): JsonSyntaxError | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1, expected: error.expected };
  }
}

class Unexpected extends Error {
  readonly at: number;
  readonly expected: string;

  constructor(at: number, expected: string) {
    super(`Expected ${expected}.`);
    this.at = at;
    this.expected = expected;
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\n\r]*/y;
/** Deeper than any file of ours, and far from the end of the stack. */
const MOST_LEVELS = 500;

/** Walks through a JSON text by RFC 8259, and stops where it must not go on. */
class Scanner {
  readonly #text: string;
  #at = 0;
  #level = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value("a value");
    if (this.#at < this.#text.length) throw new Unexpected(this.#at, "nothing more after the document");
  }

  #value(expected: string): void {
    this.#skip(SPACE);
    const next = this.#text[this.#at];
    if (next === "{") this.#members("}", () => this.#member());
    else if (next === "[") this.#members("]", () => this.#value("a value"));
    else if (next === '"') this.#string(expected);
    else if (!this.#skip(LITERAL)) throw new Unexpected(this.#at, expected);
    this.#skip(SPACE);
  }

  #members(close: string, member: () => void): void {
    if ((this.#level += 1) > MOST_LEVELS) throw new Unexpected(this.#at, "fewer levels of brackets");
    this.#at += 1;
    this.#skip(SPACE);
    if (this.#text[this.#at] !== close) {
      for (member(); this.#text[this.#at] === ","; member()) this.#at += 1;
    }
    if (this.#text[this.#at] !== close) throw new Unexpected(this.#at, `a comma or ${close} after the value`);
    this.#at += 1;
    this.#level -= 1;
  }

  #member(): void {
    this.#skip(SPACE);
    this.#string("a key in double quotes");
    this.#skip(SPACE);
    if (this.#text[this.#at] !== ":") throw new Unexpected(this.#at, "a colon after the key");
    this.#at += 1;
    this.#value("a value after the colon");
  }

  #string(expected: string): void {
    if (this.#text[this.#at] !== '"') throw new Unexpected(this.#at, expected);
    if (!this.#skip(STRING))
      throw new Unexpected(this.#at, "a closing quote in the same line, and \\ before special characters");
  }

  /** Goes past what matches here; `false` where nothing does. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found !== undefined;
  }
}
