import type { ResourceType } from "./resource-type.ts";
import type { Field, Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { DEFAULTS, equal, isEmpty, isObject, isSecret, reveal, secret, sortSet } from "./values.ts";

/**
 * The inputs that belong to a state that was read, as the plugin gives them. At a refresh these are the
 * former inputs with the tenant's present values. At an import (`former` is absent) these are all inputs that
 * are not empty.
 */
export function inputsOf(type: ResourceType, state: Props, former?: Props): Props {
  if (former === undefined) return imported(type.fields, state);
  return refreshed(type.fields, state, former);
}

function refreshed(fields: Fields, state: Props, former: Props): Props {
  const found: Props = {};
  for (const [name, value] of Object.entries(former)) {
    const field = fields[name];
    if (name === DEFAULTS && Array.isArray(value) && value.length > 0) {
      found[name] = value.filter((chosen) => equal(state[String(chosen)], former[String(chosen)]));
    }
    if (field === undefined) continue;
    const now = state[name];
    if (now !== undefined && now !== null) found[name] = refreshedValue(field, now, value);
  }
  return found;
}

/**
 * Only the former inputs' own parts. What was added to a list or a map is, as in the plugin, only in the
 * state.
 */
function refreshedValue(field: Field, now: unknown, former: unknown): unknown {
  if (isSecret(now) || isSecret(former)) return refreshedSecret(field, now, former);
  if (isObject(now) && isObject(former)) {
    if (field.kind === "block") return refreshed(field.fields, now, former);
    const keys = field.kind === "map" ? Object.keys(former).filter((key) => key in now) : Object.keys(now);
    return Object.fromEntries(keys.map((key) => [key, now[key]]));
  }
  if (!Array.isArray(now) || !Array.isArray(former)) return now;
  if (field.kind !== "blocks") return now.slice(0, former.length);
  const elements = field.set === true ? matched(former, now) : now.slice(0, former.length);
  return elements.map((element: unknown, index) => {
    const before: unknown = former[index];
    return isObject(element) && isObject(before) ? refreshed(field.fields, element, before) : element;
  });
}

function refreshedSecret(field: Field, now: unknown, former: unknown): unknown {
  const [inner, before] = [now, former].map((value) => (isSecret(value) ? value.value : value));
  if (field.kind === "block" && isObject(inner) && isObject(before)) {
    return secret(refreshed(field.fields, inner, before));
  }
  return sameSet(field, now, former) ? withoutDefaults(former) : now;
}

/** For each former element of a set the one that is most like it now, the best pairs first. */
function matched(former: unknown[], now: unknown[]): unknown[] {
  const pairs = former
    .flatMap((before, at) => now.map((element) => ({ at, element, score: likeness(before, element) })))
    .sort((a, b) => b.score - a.score);
  const found = new Map<number, unknown>();
  for (const { at, element } of pairs) {
    if (!found.has(at) && ![...found.values()].includes(element)) found.set(at, element);
  }
  return [...former.keys()].filter((at) => found.has(at)).map((at) => found.get(at));
}

function likeness(a: unknown, b: unknown): number {
  if (!isObject(a) || !isObject(b)) return 0;
  return Object.keys(a).reduce((sum, key) => sum + (key in b ? 1 : 0) + (equal(a[key], b[key]) ? 2 : 0), 0);
}

function sameSet(field: Field, now: unknown, former: unknown): boolean {
  const [a, b] = [reveal(now), reveal(former)];
  if (field.kind !== "blocks" || !Array.isArray(a) || !Array.isArray(b)) return equal(a, b);
  return equal(sortSet(a), sortSet(b));
}

function withoutDefaults(value: unknown): unknown {
  if (isSecret(value)) return { ...value, value: withoutDefaults(value.value) };
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== DEFAULTS);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutDefaults(entry)]));
}

function imported(fields: Fields, state: Props): Props {
  const found: Props = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = state[name];
    const empty = isEmpty(reveal(value)) && field.required !== true;
    if (value === undefined || field.output === true || field.unused === true || empty) continue;
    found[name] = importedValue(field, value);
  }
  return { ...found, [DEFAULTS]: [] };
}

function importedValue(field: Field, value: unknown): unknown {
  if (field.kind === "block" && isObject(value)) return imported(field.fields, value);
  if (field.kind === "map" && isObject(value)) return { ...value, [DEFAULTS]: [] };
  if (field.kind !== "blocks" || !Array.isArray(value)) return value;
  return value.map((entry: unknown) => (isObject(entry) ? imported(field.fields, entry) : entry));
}
