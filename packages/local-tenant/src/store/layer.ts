/** A value, and its place among the others: values are in the order of these numbers. */
export interface Placed<Value> {
  readonly value: Value;
  readonly place: number;
}

/** By the names of the indexes: the texts under which a value is found there. */
export type IndexedBy<Value, Name extends string = string> = Readonly<
  Record<Name, (value: Value) => readonly string[]>
>;

/** Keys by text. Nearly always it is one key, which needs no set. */
type Index = Map<string, string | Set<string>>;

/** What was changed above other layers: values by key, and `null` for what is gone. */
export class Layer<Value> {
  readonly rows = new Map<string, Placed<Value> | null>();
  /** Places from here on are this layer's own; what has a lower one is in the place of a row below. */
  readonly start: number;
  readonly #indexedBy: IndexedBy<Value>;
  /** Made when they are first asked for. */
  readonly #indexes = new Map<string, Index>();

  constructor(start: number, indexedBy: IndexedBy<Value>) {
    this.start = start;
    this.#indexedBy = indexedBy;
  }

  set(key: string, placed: Placed<Value> | null): void {
    if (this.#indexes.size > 0) this.#index(key, placed);
    this.rows.set(key, placed);
  }

  delete(key: string): void {
    if (this.#indexes.size > 0) this.#index(key, null);
    this.rows.delete(key);
  }

  /** Keys of this layer under a text of an index. A layer above may say something else of them. */
  keysBy(name: string, text: string): readonly string[] {
    const keys = (this.#indexes.get(name) ?? this.#makeIndex(name)).get(text) ?? [];
    return typeof keys === "string" ? [keys] : [...keys];
  }

  #index(key: string, placed: Placed<Value> | null): void {
    const before = this.rows.get(key) ?? null;
    for (const [name, index] of this.#indexes) {
      for (const text of this.#textsOf(name, before)) remove(index, text, key);
      for (const text of this.#textsOf(name, placed)) add(index, text, key);
    }
  }

  #makeIndex(name: string): Index {
    const index: Index = new Map();
    for (const [key, placed] of this.rows) {
      for (const text of this.#textsOf(name, placed)) add(index, text, key);
    }
    this.#indexes.set(name, index);
    return index;
  }

  #textsOf(name: string, placed: Placed<Value> | null): readonly string[] {
    return placed === null ? [] : (this.#indexedBy[name]?.(placed.value) ?? []);
  }

  /** One layer that says what these two say; `bottom` where there is none below them. */
  static merged<Value>(lower: Layer<Value>, upper: Layer<Value>, bottom: boolean): Layer<Value> {
    const layer = new Layer(lower.start, lower.#indexedBy);
    for (const [key, placed] of lower.rows) {
      const over = upper.rows.get(key);
      // What is gone or has another place now comes with the rows of the upper layer.
      if (over === undefined || (over !== null && over.place === placed?.place)) {
        layer.rows.set(key, over ?? placed);
      }
    }
    for (const [key, placed] of upper.rows) {
      if (!layer.rows.has(key) && !(bottom && placed === null)) layer.rows.set(key, placed);
    }
    return layer;
  }
}

function add(index: Index, text: string, key: string): void {
  const keys = index.get(text);
  if (keys === undefined || keys === key) index.set(text, key);
  else if (typeof keys === "string") index.set(text, new Set([keys, key]));
  else keys.add(key);
}

function remove(index: Index, text: string, key: string): void {
  const keys = index.get(text);
  if (keys === key) index.delete(text);
  else if (typeof keys === "object" && keys.delete(key) && keys.size === 0) index.delete(text);
}
