import { Layer } from "./layer.ts";
import type { IndexedBy, Placed } from "./layer.ts";

/** The content of a map at one moment. Nothing changes it any more, so any number of maps may have it. */
export interface Content<Value> {
  readonly layers: readonly Layer<Value>[];
  readonly size: number;
  readonly next: number;
}

/**
 * Values by key, in the order in which they were added. A copy costs nothing: a map is a layer of its own
 * changes above layers that it shares with its copies, and a layer that is shared never changes again.
 */
export class LayeredMap<Value> {
  readonly #indexedBy: IndexedBy<Value>;
  #layers: readonly Layer<Value>[] = [];
  /** How many rows the layers have together. */
  #shared = 0;
  #own: Layer<Value>;
  #size = 0;
  #next = 0;
  /** What has not been looked at yet for `oldest`: everything before it is gone. */
  #rest: IterableIterator<[string, Placed<Value>]> | undefined;
  #oldest: [string, Placed<Value>] | undefined;

  /** `indexedBy` names what values can be found by besides their key. */
  constructor(indexedBy: IndexedBy<Value> = {}) {
    this.#indexedBy = indexedBy;
    this.#own = new Layer(0, indexedBy);
  }

  get size(): number {
    return this.#size;
  }

  /** How many places hold changes that this map shares with nobody: what it costs beside its copies. */
  get ownSize(): number {
    return this.#own.rows.size;
  }

  get(key: string): Placed<Value> | undefined {
    const own = this.#own.rows.get(key);
    return own === undefined ? this.#below(key) : (own ?? undefined);
  }

  /** Everything in its order. What is added meanwhile may or may not be among it. */
  entries(): IterableIterator<[string, Placed<Value>]> {
    // SAFETY: without layers below, a key that goes is deleted and leaves no mark.
    if (this.#layers.length === 0)
      return this.#own.rows.entries() as IterableIterator<[string, Placed<Value>]>;
    return this.#merged();
  }

  /** The first in the order. */
  oldest(): string | undefined {
    while (this.#oldest === undefined || this.get(this.#oldest[0])?.place !== this.#oldest[1].place) {
      this.#rest ??= this.entries();
      const next = this.#rest.next();
      if (next.done === true) {
        this.#forgetOldest();
        return undefined;
      }
      this.#oldest = next.value;
    }
    return this.#oldest[0];
  }

  /** All with this text in an index, in the order of the map. */
  by(index: string, text: string): [string, Placed<Value>][] {
    const keys = new Set([...this.#layers, this.#own].flatMap((layer) => layer.keysBy(index, text)));
    const found: [string, Placed<Value>][] = [];
    for (const key of keys) {
      const placed = this.get(key);
      if (placed !== undefined && this.#textsOf(index, placed.value).includes(text))
        found.push([key, placed]);
    }
    return found.sort(([, one], [, other]) => one.place - other.place);
  }

  /** Adds a value behind all others, or puts it in the place of the one with the same key. */
  set(key: string, value: Value): void {
    const before = this.get(key);
    if (before !== undefined) return this.#put(key, { value, place: before.place });
    this.#size += 1;
    this.#append(key, value);
  }

  /** Puts what has this key behind all others. */
  moveToEnd(key: string): void {
    const placed = this.get(key);
    if (placed !== undefined) this.#append(key, placed.value);
  }

  delete(key: string): boolean {
    if (this.get(key) === undefined) return false;
    this.#size -= 1;
    if (this.#below(key) === undefined) this.#own.delete(key);
    else this.#put(key, null);
    return true;
  }

  /** All as it was when these keys had what is given, in the old order. */
  with(before: ReadonlyMap<string, Placed<Value> | undefined>): Map<string, Placed<Value>> {
    const rows = new Map(this.entries());
    for (const [key, placed] of before) {
      if (placed === undefined) rows.delete(key);
      else rows.set(key, placed);
    }
    return new Map([...rows].sort(([, one], [, other]) => one.place - other.place));
  }

  /** Gives keys back what they had, in its old place. */
  restore(before: ReadonlyMap<string, Placed<Value> | undefined>): void {
    const rows = this.with(before);
    this.#setLayers([]);
    this.#own = new Layer(0, this.#indexedBy);
    for (const [key, placed] of rows) this.#own.set(key, placed);
    this.#size = rows.size;
  }

  /** What the map has now, for copies of it. Its own changes go into a new layer from then on. */
  share(): Content<Value> {
    if (this.#own.rows.size > 0) this.#pushOwn();
    return { layers: this.#layers, size: this.#size, next: this.#next };
  }

  /** Becomes a copy of another map. */
  become({ layers, size, next }: Content<Value>): void {
    this.#setLayers(layers);
    this.#own = new Layer(next, this.#indexedBy);
    this.#size = size;
    this.#next = next;
  }

  #append(key: string, value: Value): void {
    // A key that was here before keeps its place in a Map unless it is deleted.
    this.#own.delete(key);
    this.#put(key, { value, place: this.#next++ });
  }

  #put(key: string, placed: Placed<Value> | null): void {
    this.#own.set(key, placed);
    if (this.#layers.length === 0 || this.#own.rows.size <= this.#shared) return;
    // More has changed than is shared: to share costs more memory than it saves, so the layers become one.
    this.#pushOwn();
    this.#own = this.#layers[0] ?? this.#own;
    this.#setLayers([]);
  }

  /** Each layer is at least twice as large as the one above it, so that there are only few. */
  #pushOwn(): void {
    const layers = [...this.#layers];
    let top = this.#own;
    for (let below = layers.at(-1); below !== undefined; below = layers.at(-1)) {
      if (below.rows.size > 2 * top.rows.size) break;
      layers.pop();
      top = Layer.merged(below, top, layers.length === 0);
    }
    this.#setLayers(top.rows.size === 0 ? layers : [...layers, top]);
    this.#own = new Layer(this.#next, this.#indexedBy);
  }

  #setLayers(layers: readonly Layer<Value>[]): void {
    this.#layers = layers;
    this.#shared = layers.reduce((sum, { rows }) => sum + rows.size, 0);
    this.#forgetOldest();
  }

  #below(key: string): Placed<Value> | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i -= 1) {
      const placed = this.#layers[i]?.rows.get(key);
      if (placed !== undefined) return placed ?? undefined;
    }
    return undefined;
  }

  *#merged(): IterableIterator<[string, Placed<Value>]> {
    for (const layer of [...this.#layers, this.#own]) {
      for (const [key, placed] of layer.rows) {
        // What a layer says of a row of a layer below comes in the place of that row.
        if (placed === null || placed.place < layer.start) continue;
        const current = this.get(key);
        if (current?.place === placed.place) yield [key, current];
      }
    }
  }

  #textsOf(index: string, value: Value): readonly string[] {
    return this.#indexedBy[index]?.(value) ?? [];
  }

  #forgetOldest(): void {
    this.#rest = undefined;
    this.#oldest = undefined;
  }
}
