import type { Field } from "./schema.ts";
import type { Props } from "./values.ts";
import { equal, isEmpty, isObject, listOf } from "./values.ts";

/** What is at one place of a collection, before and after; undefined where nothing is. */
export type Edit = readonly [before: unknown, after: unknown];

/**
 * The parts of a collection that differ, by their step in the property path (`[0]`, `.key`). As in the
 * plugin, deleted parts have their place in the state, and added parts their place in the inputs. Undefined
 * for a value without parts, and for a collection that is added or deleted as a whole.
 */
export function editsOf(field: Field, old: unknown, wanted: unknown): Map<string, Edit> | undefined {
  if (field.kind === "map" && isObject(old)) return mapEdits(old, isObject(wanted) ? wanted : {});
  if (isEmpty(old) || isEmpty(wanted)) return undefined;
  if (field.kind !== "strings" && field.kind !== "blocks") return undefined;
  const [olds, news] = [listOf(old), listOf(wanted)];
  if (field.set === true) return setEdits(olds, news);
  return field.kind === "strings" ? listEdits(olds, news) : placeEdits(olds, news);
}

function mapEdits(olds: Props, news: Props): Map<string, Edit> {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !equal(olds[key], news[key]),
  );
  return new Map(keys.map((key) => [keyStep(key), [olds[key], news[key]]]));
}

function keyStep(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key.replaceAll('"', '\\"')}"]`;
}

/** Objects in an order are compared place by place. */
function placeEdits(olds: unknown[], news: unknown[]): Map<string, Edit> {
  const places = [...Array(Math.max(olds.length, news.length)).keys()].filter(
    (place) => !equal(olds[place], news[place]),
  );
  return new Map(places.map((place) => [`[${place}]`, [olds[place], news[place]]]));
}

function setEdits(olds: unknown[], news: unknown[]): Map<string, Edit> {
  const alien = (element: unknown, others: unknown[]) => !others.some((other) => equal(element, other));
  return merged(
    [...olds.keys()].filter((place) => alien(olds[place], news)),
    [...news.keys()].filter((place) => alien(news[place], olds)),
    olds,
    news,
  );
}

/** Strings in an order: what is not in their longest common subsequence. */
function listEdits(olds: unknown[], news: unknown[]): Map<string, Edit> {
  // lengths[i][j] is that of the subsequence common to olds from i and news from j on.
  const lengths = [...olds, undefined].map(() => new Array<number>(news.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = olds.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] ?? [];
    for (let j = news.length - 1; j >= 0; j -= 1) {
      row[j] = equal(olds[i], news[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const [gone, come]: [number[], number[]] = [[], []];
  for (let [i, j] = [0, 0]; i < olds.length || j < news.length;) {
    if (i < olds.length && j < news.length && equal(olds[i], news[j])) {
      i += 1;
      j += 1;
    } else if (j >= news.length || (i < olds.length && at(i + 1, j) >= at(i, j + 1))) {
      gone.push(i);
      i += 1;
    } else {
      come.push(j);
      j += 1;
    }
  }
  return merged(gone, come, olds, news);
}

/** What goes from a place and what comes to it are one edit. */
function merged(gone: number[], come: number[], olds: unknown[], news: unknown[]): Map<string, Edit> {
  const places = [...new Set([...gone, ...come])].sort((a, b) => a - b);
  return new Map(
    places.map((place) => [
      `[${place}]`,
      [gone.includes(place) ? olds[place] : undefined, come.includes(place) ? news[place] : undefined],
    ]),
  );
}
