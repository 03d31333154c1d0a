import type { ResourceType } from "./resource-type.ts";
import type { Field, Fields } from "./schema.ts";
import { emptyValue } from "./schema.ts";
import type { Props } from "./values.ts";
import { hasSecret, isEmpty, isObject, isSecret, secret, sortSet, UNKNOWN } from "./values.ts";

/** What outputs are finished with. */
export interface OutputContext {
  /**
   * The inputs of a create, the former outputs of an update: a collection that is null there and empty now
   * stays null.
   */
  readonly asked?: Props;
  /**
   * At a create the plugin keeps an empty map, or a set that has to be given, as null even where it was asked
   * for.
   */
  readonly created?: boolean;
  /** Whose top-level wraps go over to the outputs. */
  readonly inputs?: Props;
}

/**
 * Plain outputs as the plugin puts them into the state: sensitive values wrapped, and with the plugin's own
 * keys `id`, `__meta` and `__pulumi_raw_state_delta`.
 */
export function finishOutputs(
  type: ResourceType,
  id: string,
  outputs: Props,
  context: OutputContext = {},
): Props {
  const { asked, created = false, inputs = {} } = context;
  const plain = asked === undefined ? outputs : withoutUnasked(type.fields, outputs, asked, created);
  const wrapped = wrapSecrets(type.fields, plain);
  for (const [name, value] of Object.entries(inputs)) {
    if (isSecret(value) && wrapped[name] !== undefined) wrapped[name] = secret(wrapped[name]);
  }
  return {
    ...wrapped,
    id,
    ...(type.meta === undefined ? {} : { __meta: type.meta }),
    __pulumi_raw_state_delta: delta(type.fields, plain),
  };
}

/**
 * The outputs that a create or an update will have, as far as they are known. What the server chooses is
 * unknown.
 */
export function plannedOutputs(type: ResourceType, inputs: Props, state: Props = {}): Props {
  const planned = planObject(type.fields, inputs, state);
  return state["id"] === undefined ? planned : { ...planned, id: state["id"] };
}

function planObject(fields: Fields, inputs: Props, state: Props): Props {
  const planned: Props = {};
  for (const [name, field] of Object.entries(fields)) {
    const [given, before] = [inputs[name], state[name]];
    if (given !== undefined) planned[name] = planValue(field, given, before);
    else if (field.computed === true || field.output === true) planned[name] = before ?? open(field);
    else if (before !== undefined) planned[name] = planWithout(field, before);
  }
  return planned;
}

function planValue(field: Field, given: unknown, before: unknown): unknown {
  if (field.kind !== "block" || !isObject(given) || isSecret(given)) return inOrder(field, given);
  return planObject(field.fields, given, isObject(before) && !isSecret(before) ? before : {});
}

/** What is left of an input that the program gives no more. */
function planWithout(field: Field, before: unknown): unknown {
  if (isEmpty(before) || field.unused === true) return before;
  return Array.isArray(before) || field.kind === "map" ? emptyValue(field) : null;
}

function open(field: Field): unknown {
  return field.secret === true ? secret(UNKNOWN) : UNKNOWN;
}

/** The outputs of a resource that the tenant has, but that was not read yet: the inputs that were sent. */
export function askedOutputs(type: ResourceType, inputs: Props): Props {
  return Object.fromEntries(
    Object.entries(type.fields).map(([name, field]) => [name, askedValue(field, inputs[name])]),
  );
}

function askedValue(field: Field, given: unknown): unknown {
  if (given === undefined) return field.kind === "blocks" ? [] : null;
  return inOrder(field, given);
}

/** Sets have an order of their own. */
function inOrder(field: Field, value: unknown): unknown {
  if (isSecret(value)) return { ...value, value: inOrder(field, value.value) };
  const set = (field.kind === "strings" || field.kind === "blocks") && field.set === true;
  return set && Array.isArray(value) ? sortSet(value) : value;
}

function withoutUnasked(fields: Fields, outputs: Props, asked: Props, created: boolean): Props {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const field = fields[name];
      return [name, field === undefined ? value : unasked(field, value, asked[name], created)];
    }),
  );
}

function unasked(field: Field, value: unknown, asked: unknown, created: boolean): unknown {
  if (field.kind === "strings" || field.kind === "map") {
    const kept = field.kind === "map" || (field.set === true && field.required === true);
    const wanted = asked !== undefined && asked !== null && !(created && kept);
    return wanted || field.computed === true || field.output === true || !isEmpty(value) ? value : null;
  }
  if (field.kind === "block" && isObject(value) && isObject(asked)) {
    return withoutUnasked(field.fields, value, asked, created);
  }
  return value;
}

function wrapSecrets(fields: Fields, outputs: Props): Props {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const field = fields[name];
      return [name, field === undefined ? value : wrapField(field, value)];
    }),
  );
}

function wrapField(field: Field, value: unknown): unknown {
  if (field.secret === true) return secret(value);
  if (field.kind === "block" && isObject(value)) return wrapSecrets(field.fields, value);
  if (field.kind !== "blocks" || !Array.isArray(value)) return value;
  const entries = value.map((entry: unknown) => (isObject(entry) ? wrapSecrets(field.fields, entry) : entry));
  return wrapSet(field, entries);
}

/**
 * As in the plugin, a secret inside a set makes the whole set secret, because the elements of a set have no
 * fixed place.
 */
export function wrapSet(field: Field, entries: unknown[]): unknown {
  return field.kind === "blocks" && field.set === true && hasSecret(entries) ? secret(entries) : entries;
}

/**
 * How the plugin gets from its outputs back to the underlying provider's values: which lists are flattened,
 * which objects are maps, and which names differ.
 */
function delta(fields: Fields, outputs: Props): Props {
  const parts: Props = {};
  const renamed: Props = {};
  for (const [name, field] of Object.entries(fields)) {
    const part = fieldDelta(field, outputs[name]);
    if (part !== undefined) parts[name] = part;
    if (field.inner !== undefined) renamed[name] = field.inner;
  }
  return {
    obj: {
      ...(Object.keys(parts).length === 0 ? {} : { ps: parts }),
      ...(Object.keys(renamed).length === 0 ? {} : { renamed }),
    },
  };
}

function fieldDelta(field: Field, value: unknown): Props | undefined {
  if (field.kind === "block") return { plu: { i: isObject(value) ? delta(field.fields, value) : {} } };
  if (value === null || value === undefined) return undefined;
  if (field.kind === "map") return { map: {} };
  if (!Array.isArray(value)) return undefined;
  if (field.kind === "strings" || value.length === 0) return { arr: {} };
  const elements = value.map((entry: unknown, index): [string, Props] => {
    const inner = field.kind === "blocks" && isObject(entry) ? delta(field.fields, entry) : { map: {} };
    return [String(index), inner];
  });
  return { arr: { el: Object.fromEntries(elements) } };
}
