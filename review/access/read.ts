import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, Pair } from "yaml";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { didYouMean } from "../../packages/local-tenant/src/lib/nearest.ts";
import { KIND_NAMES, kindOf } from "./kinds.ts";
import type { AccessFile, AccessRule, Field, KindName } from "./kinds.ts";

/** Everything that is wrong with a file of contracts, a line each. */
export class AccessFileError extends UserError {
  readonly faults: readonly string[];

  constructor(file: string, faults: readonly string[]) {
    const [first = ""] = faults;
    super(faults.length === 1 ? first : [`${file} cannot be used:`, ...faults].join("\n  "));
    this.faults = faults;
  }
}

/**
 * Reads the contracts.
 * @param file What the file is called.
 * @throws {AccessFileError} with every fault at once: file, line, field, value and what to do.
 */
export function readAccess(text: string, file: string): AccessFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "silent" });
  const reader = new Reader(document, lineCounter, file);
  if (document.errors.length > 0) {
    for (const { pos, message } of document.errors) reader.addAt(pos[0], `is not YAML: ${message}`);
  } else {
    reader.read();
  }
  return reader.result();
}

type Found = Node | null | undefined;

class Reader {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #file: string;
  readonly #faults: { line: number; text: string }[] = [];
  readonly #rules: AccessRule[] = [];

  constructor(document: Document.Parsed, lines: LineCounter, file: string) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
  }

  /** @throws {AccessFileError} */
  result(): AccessFile {
    if (this.#faults.length > 0) {
      const sorted = this.#faults.toSorted((left, right) => left.line - right.line);
      const lines = sorted.map(({ line, text }) => `${this.#file}:${line}: ${text}`);
      throw new AccessFileError(this.#file, lines);
    }
    return {
      file: this.#file,
      rules: this.#rules.toSorted((left, right) => left.line - right.line),
    };
  }

  addAt(offset: number, text: string): void {
    this.#faults.push({ line: this.#lines.linePos(offset).line, text });
  }

  read(): void {
    const root = this.#document.contents;
    if (!isMap(root)) return this.addAt(0, `There are no rules. Begin with one of ${KIND_NAMES.join(", ")}.`);
    if (root.items.length === 0)
      this.addAt(0, `There are no rules. Begin with one of ${KIND_NAMES.join(", ")}.`);
    for (const pair of root.items) {
      const key = this.#keyOf(pair);
      const name = KIND_NAMES.find((each) => each === key);
      if (name !== undefined) this.#readKind(name, pair);
      else this.#unknown(pair, key, KIND_NAMES, "kind of rule");
    }
  }

  #readKind(kind: KindName, pair: Pair<unknown, unknown>): void {
    const list = this.#resolved(pair.value);
    if (!isSeq(list) || list.items.length === 0) {
      return this.#add(
        pair.key,
        `${kind} has no list of rules. Write "- " before each, or take ${kind} out.`,
      );
    }
    for (const [index, item] of list.items.entries()) this.#readRule(kind, index, item);
  }

  #readRule(kind: KindName, index: number, item: unknown): void {
    const rule = `${kind}[${index}]`;
    const map = this.#resolved(item);
    if (!isMap(map))
      return this.#add(item, `${rule} has no fields, such as "${Object.keys(kindOf(kind).fields)[0]}: ...".`);
    const { fields, oneOf = [], together = [] } = kindOf(kind);
    const says: Record<string, unknown> = {};
    for (const pair of map.items) {
      const key = this.#keyOf(pair);
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field === undefined) this.#unknown(pair, key, Object.keys(fields), `field of ${kind}`);
      else says[key] = this.#value(`${rule}.${key}`, field, pair);
    }
    for (const [key, { required }] of Object.entries(fields)) {
      if (required === true && !(key in says)) this.#add(map, `${rule} needs ${key}.`);
    }
    const given = oneOf.filter((key) => key in says && says[key] !== false);
    if (oneOf.length > 0 && given.length !== 1) {
      const got = given.length === 0 ? "none" : given.join(" and ");
      this.#add(map, `${rule} needs exactly one of ${oneOf.join(", ")}, and has ${got}.`);
    }
    for (const [one, other] of together) {
      if (one in says === other in says) continue;
      const [has, lacks] = one in says ? [one, other] : [other, one];
      this.#add(map, `${rule} has ${has} and needs ${lacks} with it.`);
    }
    // SAFETY: each value was read as the table of fields has it.
    this.#rules.push({ kind, rule, line: this.#line(map), says });
  }

  #value(path: string, { type }: Field, { key, value }: Pair<unknown, unknown>): unknown {
    const node = this.#resolved(value);
    if (type === "names") return this.#names(path, key, node);
    const given: unknown = isScalar(node) ? node.value : undefined;
    const fits = {
      text: typeof given === "string" && given.trim() !== "",
      number: Number.isInteger(given) && Number(given) >= 0,
      flag: typeof given === "boolean",
    }[type];
    if (!fits) this.#add(node ?? key, `${path} is ${shown(node)}. Expected ${EXPECTED[type]}.`);
    return given;
  }

  #names(path: string, key: unknown, node: Found): string[] {
    const items = isSeq(node) ? node.items.map((item) => this.#resolved(item)) : [node];
    if (items.length === 0) this.#add(node ?? key, `${path} is an empty list. Expected ${EXPECTED.names}.`);
    const names = new Set<string>();
    for (const item of items) {
      const name: unknown = isScalar(item) ? item.value : undefined;
      if (typeof name !== "string" || name.trim() === "") {
        this.#add(item ?? key, `${path} has ${shown(item)}. Expected ${EXPECTED.names}.`);
      } else if (names.has(name)) {
        this.#add(item, `${path} has ${JSON.stringify(name)} twice.`);
      } else names.add(name);
    }
    return [...names];
  }

  #unknown(pair: Pair<unknown, unknown>, key: string, known: readonly string[], what: string): void {
    const hint = didYouMean(key, known) || ` There is ${known.join(", ")}.`;
    this.#add(pair.key, `${JSON.stringify(key)} is not a ${what}.${hint}`);
  }

  #keyOf({ key }: Pair<unknown, unknown>): string {
    return isScalar(key) ? String(key.value) : String(key);
  }

  #resolved(node: unknown): Found {
    // SAFETY: a parsed document holds nodes.
    return isAlias(node) ? node.resolve(this.#document) : (node as Found);
  }

  #add(node: unknown, text: string): void {
    this.#faults.push({ line: this.#line(node), text });
  }

  #line(node: unknown): number {
    // SAFETY: every node of a parsed document has a range, but for one that was left out.
    const [offset = 0] = (node as { readonly range?: readonly number[] | null } | null)?.range ?? [];
    return this.#lines.linePos(offset).line;
  }
}

const EXPECTED: Readonly<Record<Field["type"], string>> = {
  names: "a name or a list of names, in quotes where one is a number or has special characters",
  text: "a text",
  number: "a whole number",
  flag: "true or false",
};

function shown(node: Found): string {
  if (node === null || node === undefined || (isScalar(node) && node.value === null)) return "nothing";
  return isScalar(node) ? JSON.stringify(node.value) : isSeq(node) ? "a list" : "a map";
}
