import { ManagementError } from "../lib/errors.ts";
import { isObject } from "./merge.ts";

type Row = Readonly<Record<string, unknown>>;
type Test = (row: Row) => boolean;

const TOKEN =
  /\s*(?:(\(|\)|&&|\|\||!|[-+](?=\S))|([\w.@]+):(?=\S)|("(?:[^"\\]|\\.)*")|([[{][^\]}]*[\]}])|((?:\\.|[^\s()":[\]{}])(?:\\.|[^\s()"])*))/y;

interface Token {
  readonly kind: "operator" | "field" | "quoted" | "range" | "word";
  readonly text: string;
}

/**
 * Reads a query in Lucene's syntax as `q=` takes it for users and logs (docs
 * manage-users/user-search/user-search-query-syntax): `field:value`, quotes, `*` and `?`, ranges,
 * `_exists_:field`, AND, OR, NOT, groups, dots for nested fields. Comparison ignores case.
 * @param fields The fields in which a term without a field is looked for.
 * @param hidden Fields that no query can tell anything about.
 * @throws {ManagementError} 400 `invalid_query_string` when it cannot be read.
 */
export function parseLucene(query: string, fields: readonly string[], hidden: readonly string[] = []): Test {
  const parser = new Parser(tokenize(query), fields, hidden);
  const test = parser.parseAny();
  if (!parser.done) throw malformed(query);
  return test;
}

/** All values at a dotted path; lists are looked through. */
export function valuesAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === "") return value === undefined || value === null ? [] : [value];
  if (!isObject(value)) return [];
  if (Object.hasOwn(value, path)) return valuesAt(value[path], "");
  const dot = path.indexOf(".");
  if (dot < 0) return [];
  const key = path.slice(0, dot);
  return Object.hasOwn(value, key) ? valuesAt(value[key], path.slice(dot + 1)) : [];
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = query.trim();
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw malformed(query);
    const [, operator, field, quoted, range, word] = match;
    if (operator !== undefined) tokens.push({ kind: "operator", text: operator });
    else if (field !== undefined) tokens.push({ kind: "field", text: field });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: unescape(quoted.slice(1, -1)) });
    else if (range !== undefined) tokens.push({ kind: "range", text: range });
    else if (word === "AND" || word === "OR" || word === "NOT") tokens.push({ kind: "operator", text: word });
    else if (word === undefined || /[^\\]:$/.test(word)) throw malformed(query);
    else tokens.push({ kind: "word", text: word });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #fields: readonly string[];
  readonly #hidden: readonly string[];
  #next = 0;

  constructor(tokens: readonly Token[], fields: readonly string[], hidden: readonly string[]) {
    this.#tokens = tokens;
    this.#fields = fields;
    this.#hidden = hidden;
  }

  get done(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** Terms side by side are alternatives, as Lucene's default operator has it. */
  parseAny(field?: string): Test {
    const tests = [this.#parseAll(field)];
    while (!this.done && !this.#at(")")) {
      this.#take("OR", "||");
      tests.push(this.#parseAll(field));
    }
    return (row) => tests.some((test) => test(row));
  }

  #parseAll(field: string | undefined): Test {
    const tests = [this.#parseOne(field)];
    while (this.#take("AND", "&&")) tests.push(this.#parseOne(field));
    return (row) => tests.every((test) => test(row));
  }

  #parseOne(field: string | undefined): Test {
    if (this.#take("NOT", "!", "-")) {
      const test = this.#parseOne(field);
      return (row) => !test(row);
    }
    this.#take("+");
    if (this.#take("(")) {
      const test = this.parseAny(field);
      if (!this.#take(")")) throw malformed("a group that is not closed");
      return test;
    }
    const token = this.#tokens[this.#next++];
    if (token === undefined || token.kind === "operator") throw malformed(token?.text ?? "an end too early");
    if (token.kind === "field") return this.#parseField(token.text);
    const fields = field === undefined ? this.#fields : [field];
    return termTest(
      fields.filter((name) => !this.#isHidden(name)),
      token,
    );
  }

  #parseField(name: string): Test {
    if (name !== "_exists_") return this.#parseOne(name);
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw malformed("_exists_ without a field");
    if (this.#isHidden(token.text)) return () => false;
    return (row) => valuesAt(row, token.text).length > 0;
  }

  #isHidden(field: string): boolean {
    return this.#hidden.some((name) => field === name || field.startsWith(`${name}.`));
  }

  #at(text: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === "operator" && token.text === text;
  }

  #take(...texts: readonly string[]): boolean {
    const found = texts.some((text) => this.#at(text));
    if (found) this.#next += 1;
    return found;
  }
}

function termTest(fields: readonly string[], token: Token): Test {
  const matches = token.kind === "range" ? rangeTest(token.text) : valueTest(token);
  return (row) => fields.some((field) => valuesAt(row, field).some(matches));
}

function valueTest(token: Token): (value: unknown) => boolean {
  const wanted = (token.kind === "word" ? unescape(token.text) : token.text).toLowerCase();
  if (token.kind === "word" && /(?<!\\)[*?]/.test(token.text)) {
    const pattern = new RegExp(`^${globToPattern(token.text.toLowerCase())}$`, "s");
    return (value) => pattern.test(String(value).toLowerCase());
  }
  return (value) => String(value).toLowerCase() === wanted;
}

function globToPattern(glob: string): string {
  return glob.replace(/\\.|[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    const literal = part.length > 1 ? part.slice(1) : part;
    return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  });
}

/**
 * `[a TO b]` with both ends, `{a TO b}` without them; `*` is open. Numbers and dates compare as what they
 * are.
 */
function rangeTest(text: string): (value: unknown) => boolean {
  const [, open, from = "*", to = "*", close] = /^([[{])\s*(\S+)\s+TO\s+(\S+?)\s*([\]}])$/i.exec(text) ?? [];
  if (open === undefined) throw malformed(text);
  return (value) =>
    (from === "*" || compare(value, from) > (open === "[" ? -1 : 0)) &&
    (to === "*" || compare(value, to) < (close === "]" ? 1 : 0));
}

function compare(value: unknown, bound: string): number {
  if (typeof value === "number") return Math.sign(value - Number(bound));
  const text = String(value);
  const [left, right] = [Date.parse(text), Date.parse(bound)];
  if (/^\d{4}-/.test(text) && !Number.isNaN(left) && !Number.isNaN(right)) return Math.sign(left - right);
  return text.toLowerCase() < bound.toLowerCase() ? -1 : Number(text.toLowerCase() > bound.toLowerCase());
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function malformed(what: string): ManagementError {
  return new ManagementError(
    400,
    `Query validation error: 'Object didn't pass validation for format lucene-query: ${what}' on property q.`,
    "invalid_query_string",
  );
}
