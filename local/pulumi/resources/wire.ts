import type { Field, Fields } from "./schema.ts";
import { emptyValue, wireName } from "./schema.ts";
import type { Props } from "./values.ts";
import { isObject, sortSet } from "./values.ts";

/** The body of a request: every given input under its wire key. `only` limits it to some. */
export function toWire(fields: Fields, inputs: Props, only?: (name: string) => boolean): Props {
  const body: Props = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = inputs[name];
    if (value === undefined || value === null || field.output === true || field.offWire === true) continue;
    if (only !== undefined && !only(name)) continue;
    body[wireName(name, field)] = wireValue(field, value);
  }
  return body;
}

function wireValue(field: Field, value: unknown): unknown {
  if (field.kind === "strings" && field.set === true && Array.isArray(value)) return sortSet(value);
  if (field.kind === "block" && isObject(value)) {
    const body = toWire(field.fields, value);
    return field.listed === true ? [body] : body;
  }
  if (field.kind === "blocks" && Array.isArray(value)) {
    const bodies = value.filter(isObject).map((entry) => toWire(field.fields, entry));
    return field.set === true ? sortSet(bodies) : bodies;
  }
  return value;
}

/**
 * The outputs that an answer gives: one key per field, absent values as the zero value of their type, as the
 * plugin reads them.
 * @throws {Error} where the answer holds another type than the plugin would take.
 */
export function fromWire(fields: Fields, answer: Props): Props {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.offWire !== true)
      .map(([name, field]) => [name, fromWireValue(name, field, answer[wireName(name, field)])]),
  );
}

function fromWireValue(name: string, field: Field, value: unknown): unknown {
  if (value === undefined || value === null || field.unused === true) return emptyValue(field);
  if (field.kind === "strings")
    return field.set === true ? sortSet(listOf(name, value)) : listOf(name, value);
  if (field.kind === "map" || field.kind === "maps") return value;
  if (field.kind === "block") {
    const entry = field.listed === true ? listOf(name, value)[0] : value;
    return isObject(entry) ? fromWire(field.fields, entry) : null;
  }
  if (field.kind === "blocks") {
    const entries = listOf(name, value).map((entry) => fromWire(field.fields, isObject(entry) ? entry : {}));
    return field.set === true ? sortSet(entries) : entries;
  }
  const type = field.kind === "integer" ? "number" : field.kind;
  if (typeof value !== type)
    throw new Error(`The tenant's answer has a ${typeof value} where ${name} is a ${field.kind}.`);
  return value;
}

function listOf(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw new Error(`The tenant's answer has a ${typeof value} where ${name} is a list.`);
  return value;
}
