import type { ResourceType } from "./resource-type.ts";
import type { Field, Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { DEFAULTS, equal, isEmpty, isObject, isSecret, reveal, sortSet } from "./values.ts";

/**
 * The inputs that a read state stands for, as the plugin gives them: at a refresh the former inputs with what the tenant says now; at an import
 * (`former` absent) every input that is not empty.
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

function refreshedValue(field: Field, now: unknown, former: unknown): unknown {
  if (isSecret(now) || isSecret(former)) return sameSet(field, now, former) ? withoutDefaults(former) : now;
  if (field.kind === "block" && isObject(now) && isObject(former))
    return refreshed(field.fields, now, former);
  return now;
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
