import { type Faults, nearestName, removeCommand, setCommand, shown } from "./faults.ts";

/**
 * A value of the configuration together with its key, read by asking it to be of a type.
 *
 * A question that fails leaves a fault and answers with an empty value of the type, so that the rest is still checked; whoever
 * reads calls {@link Faults.throwIfAny} before using anything.
 */
export class Setting {
  readonly key: string;
  readonly value: unknown;
  readonly #faults: Faults;

  constructor(key: string, value: unknown, faults: Faults) {
    this.key = key;
    this.value = value;
    this.#faults = faults;
  }

  /** Whether the key is there at all. */
  get present(): boolean {
    return this.value !== undefined;
  }

  /** Leaves a fault that names the value, and the command that sets the key to `example`. */
  refuse(problem: string, example: string): void {
    this.fault(`is ${shown(this.value)}, ${problem}`, setCommand(this.key, example));
  }

  /** Leaves a fault with a text and a command of the caller's own. */
  fault(problem: string, mend: string): void {
    this.#faults.add(this.key, problem, mend);
  }

  /**
   * A text that is not blank.
   *
   * @param example A good value, for the mending command.
   * @param problemOf Says what is wrong with a text (`which is no host name`), or nothing.
   */
  text(example: string, problemOf: (text: string) => string | undefined = () => undefined): string {
    if (!this.#isPresent(example)) return "";
    if (typeof this.value !== "string" || this.value.trim() === "") {
      this.refuse("not a text", example);
      return "";
    }
    const problem = problemOf(this.value);
    if (problem !== undefined) this.refuse(problem, example);
    return this.value;
  }

  /** A text that may be left empty, which stands for "not set". */
  optionalText(example: string, problemOf: (text: string) => string | undefined): string {
    return this.value === "" ? "" : this.text(example, problemOf);
  }

  /** One of a few words. */
  choice<Word extends string>(words: readonly [Word, ...Word[]]): Word {
    if (!this.#isPresent(words[0])) return words[0];
    const word = words.find((candidate) => candidate === this.value);
    if (word === undefined) this.refuse(`not one of ${words.join(", ")}`, words[0]);
    return word ?? words[0];
  }

  boolean(): boolean {
    if (!this.#isPresent("true")) return false;
    if (typeof this.value !== "boolean") this.refuse("not true or false", "true");
    return this.value === true;
  }

  /** A whole number within bounds, both included. */
  integer(least: number, most: number, example: number): number {
    if (!this.#isPresent(String(example))) return least;
    if (typeof this.value === "number" && Number.isInteger(this.value)) {
      if (this.value >= least && this.value <= most) return this.value;
    }
    this.refuse(`not a whole number from ${least} to ${most}`, String(example));
    return least;
  }

  /** A list, each entry read by `read`. */
  list<Item>(read: (item: Setting) => Item, example: string): Item[] {
    if (!this.#isPresent(example, "[0]")) return [];
    if (!Array.isArray(this.value)) {
      this.fault(`is ${shown(this.value)}, not a list`, setCommand(`${this.key}[0]`, example));
      return [];
    }
    return this.value.map((item: unknown, index) => read(this.#child(`[${index}]`, item)));
  }

  /** A list without repeated entries. */
  set<Item extends string>(read: (item: Setting) => Item, example: string): Item[] {
    const seen = new Set<unknown>();
    return this.list((item) => {
      if (seen.has(item.value)) item.fault(`repeats ${shown(item.value)}`, removeCommand(item.key));
      seen.add(item.value);
      return read(item);
    }, example);
  }

  /** A list of at least one entry, without repeated ones. */
  notEmptySet<Item extends string>(read: (item: Setting) => Item, example: string): Item[] {
    const items = this.set(read, example);
    if (Array.isArray(this.value) && items.length === 0) {
      this.fault("is empty", setCommand(`${this.key}[0]`, example));
    }
    return items;
  }

  /** An object's fields by name; a name that is not known is a fault, with the nearest one that is. */
  fields<Name extends string>(names: readonly Name[]): Record<Name, Setting> {
    const object = this.#object();
    for (const name of Object.keys(object)) {
      if (names.some((known) => known === name)) continue;
      const near = nearestName(name, names);
      const hint = near === undefined ? `Known are ${names.join(", ")}` : `Did you mean ${near}`;
      const child = this.#child(fieldPath(name), object[name]);
      child.fault(`is not known. ${hint}${near === undefined ? "." : "?"}`, removeCommand(child.key));
    }
    // SAFETY: the object is built from exactly the names asked for.
    return Object.fromEntries(
      names.map((name) => [name, this.#child(fieldPath(name), object[name])]),
    ) as Record<Name, Setting>;
  }

  /** An object whose keys are free and whose values are texts. */
  textByKey(example: string): Record<string, string> {
    const entries = Object.entries(this.#object());
    return Object.fromEntries(
      entries.map(([name, value]) => [name, this.#child(fieldPath(name), value).text(example)]),
    );
  }

  #object(): Record<string, unknown> {
    if (typeof this.value === "object" && this.value !== null && !Array.isArray(this.value)) {
      // SAFETY: an object of JSON that is no list has text keys.
      return this.value as Record<string, unknown>;
    }
    this.fault(`is ${shown(this.value)}, not an object`, removeCommand(this.key));
    return {};
  }

  #isPresent(example: string, path = ""): boolean {
    if (this.present) return true;
    this.fault("is missing", setCommand(`${this.key}${path}`, example));
    return false;
  }

  #child(path: string, value: unknown): Setting {
    return new Setting(`${this.key}${path}`, value, this.#faults);
  }
}

function fieldPath(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
