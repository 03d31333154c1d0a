import { fieldPath, listCommand, removeCommand, renameCommand, setCommand } from "./commands.ts";
import { type ConfigErrors, shown } from "./config-errors.ts";
import { nearestName } from "./nearest-name.ts";
import { invisibleProblem } from "./texts.ts";
import type { UrlProblem } from "./urls.ts";

/**
 * A value of the configuration together with its key. To read it, ask for the type that it should have.
 *
 * If the value does not have the type, an error is added and an empty value of the type is returned, so that
 * the rest is still checked. So the reader must call {@link ConfigErrors.throwIfAny} before using a value.
 */
export class Setting {
  readonly key: string;
  readonly value: unknown;
  readonly #errors: ConfigErrors;
  readonly #secret: boolean;

  constructor(key: string, value: unknown, errors: ConfigErrors, secret = false) {
    this.key = key;
    this.value = value;
    this.#errors = errors;
    this.#secret = secret;
  }

  /** Whether the key is set. */
  get present(): boolean {
    return this.value !== undefined;
  }

  /** The value as it may be shown. A secret is hidden, also if the key should not have one. */
  get shown(): string {
    return this.#secret ? "a secret" : shown(this.value);
  }

  /** Adds an error that names the value, and the command that sets the key to `example`. */
  refuse(problem: string, example: string): void {
    this.error(`is ${this.shown}, ${problem}`, setCommand(this.key, example));
  }

  /** Adds an error with the caller's own text and command. */
  error(problem: string, mend: string): void {
    this.#errors.add(this.key, problem, mend);
  }

  /**
   * A text that is not blank.
   *
   * @param example A good value, for the command that corrects the error.
   * @param problemOf Says what is wrong with a text (`which is not a host name`), or nothing.
   */
  text(example: string, problemOf: (text: string) => string | undefined = () => undefined): string {
    if (!this.#isPresent(example)) return "";
    if (typeof this.value !== "string" || this.value.trim() === "") {
      this.refuse("not a text", example);
      return "";
    }
    const problem = invisibleProblem(this.value) ?? problemOf(this.value);
    if (problem !== undefined) this.refuse(problem, example);
    return this.value;
  }

  /**
   * A text of a list. If it is wrong, the error offers to remove it, because a replacement would let somebody
   * through.
   */
  textOrNone(problemOf: (text: string) => string | undefined): string {
    const isText = typeof this.value === "string" && this.value.trim() !== "";
    const text = isText ? String(this.value) : "";
    const problem = isText ? (invisibleProblem(text) ?? problemOf(text)) : "not a text";
    if (problem !== undefined) this.error(`is ${this.shown}, ${problem}`, removeCommand(this.key));
    return text;
  }

  /** A URL or an origin. If only its spelling is wrong, the error offers the right one. */
  url(example: string, problemOf: (text: string) => UrlProblem | undefined): string {
    const found = typeof this.value === "string" ? problemOf(this.value) : undefined;
    return this.text(found?.instead ?? example, () => found?.problem);
  }

  /** A text that may be empty, which means "not set". */
  optionalText(example: string, problemOf: (text: string) => string | undefined): string {
    return this.value === "" ? "" : this.text(example, problemOf);
  }

  /**
   * One of a few words.
   *
   * @param words The error offers the first one if none is near, so it must be the one that gives away least.
   */
  choice<Word extends string>(words: readonly [Word, ...Word[]]): Word {
    if (!this.#isPresent(words[0])) return words[0];
    const word = words.find((candidate) => candidate === this.value);
    if (word !== undefined) return word;
    const near = typeof this.value === "string" ? nearestName(this.value, words) : undefined;
    this.refuse(`not one of ${words.join(", ")}`, near ?? words[0]);
    return words[0];
  }

  /** @param safe The value that the error offers: the one that gives away least. */
  boolean(safe: boolean): boolean {
    if (!this.#isPresent(String(safe))) return safe;
    if (typeof this.value !== "boolean") this.refuse("not true or false", String(safe));
    return this.value === true;
  }

  /**
   * A whole number within bounds, both included. If it is out of bounds, the error offers the nearest bound,
   * but never 0, which means "no limit".
   */
  integer(least: number, most: number, example: number): number {
    if (!this.#isPresent(String(example))) return least;
    const { value } = this;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    const near = typeof value === "number" ? Math.min(most, Math.max(least, 1, Math.floor(value))) : example;
    this.refuse(`not a whole number from ${least} to ${most}`, String(near));
    return least;
  }

  /** A list, each entry read by `read`. */
  list<Item>(read: (item: Setting) => Item, example: string): Item[] {
    if (!this.#isPresent(example, "[0]")) return [];
    if (!Array.isArray(this.value)) {
      const only = typeof this.value === "string" && !this.#secret ? this.value : example;
      this.error(`is ${this.shown}, not a list`, listCommand(this.key, only));
      return [];
    }
    return this.value.map((item: unknown, index) => read(this.#child(`[${index}]`, item)));
  }

  /** A list without repeated entries. */
  set<Item extends string>(read: (item: Setting) => Item, example: string): Item[] {
    const seen = new Set<unknown>();
    return this.list((item) => {
      if (seen.has(item.value)) item.error(`repeats ${item.shown}`, removeCommand(item.key));
      seen.add(item.value);
      return read(item);
    }, example);
  }

  /** A list of at least one entry, without repeated ones. */
  notEmptySet<Item extends string>(read: (item: Setting) => Item, example: string): Item[] {
    const items = this.set(read, example);
    if (Array.isArray(this.value) && items.length === 0) {
      this.error("is empty", setCommand(`${this.key}[0]`, example));
    }
    return items;
  }

  /**
   * An object's fields by name. An unknown name is an error that offers the nearest known one.
   *
   * @param mend The command for a value that is not an object, if removing the value would give something
   * away.
   */
  fields<Name extends string>(names: readonly Name[], mend?: string): Record<Name, Setting> {
    const object = this.#object(mend);
    for (const name of Object.keys(object)) {
      if (names.some((known) => known === name)) continue;
      const child = this.#child(fieldPath(name), object[name]);
      const near = nearestName(name, names);
      const hint = near === undefined ? `The known ones are ${names.join(", ")}.` : `Did you mean ${near}?`;
      const renames = near !== undefined && object[near] === undefined && !this.#secret;
      child.error(
        `is not known. ${hint}`,
        renames ? renameCommand(child.key, `${this.key}.${near}`, child.value) : removeCommand(child.key),
      );
    }
    // SAFETY: the object is built from exactly the names asked for.
    return Object.fromEntries(
      names.map((name) => [name, this.#child(fieldPath(name), object[name])]),
    ) as Record<Name, Setting>;
  }

  /** An object with any keys, whose values are texts. */
  textByKey(example: string): Record<string, string> {
    const entries = Object.entries(this.#object());
    return Object.fromEntries(
      entries.map(([name, value]) => [name, this.#child(fieldPath(name), value).text(example)]),
    );
  }

  #object(mend = removeCommand(this.key)): Record<string, unknown> {
    if (typeof this.value === "object" && this.value !== null && !Array.isArray(this.value)) {
      // SAFETY: an object of JSON that is not a list has text keys.
      return this.value as Record<string, unknown>;
    }
    this.error(`is ${this.shown}, not an object`, mend);
    return {};
  }

  #isPresent(example: string, path = ""): boolean {
    if (this.present) return true;
    this.error("is missing", setCommand(`${this.key}${path}`, example));
    return false;
  }

  #child(path: string, value: unknown): Setting {
    return new Setting(`${this.key}${path}`, value, this.#errors, this.#secret);
  }
}
