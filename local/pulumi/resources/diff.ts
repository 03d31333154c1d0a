import { editsOf } from "./edits.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Field, Fields } from "./schema.ts";
import type { Props } from "./values.ts";
import { equal, hasUnknown, isEmpty, isObject, listOf, revealProps, sortSet } from "./values.ts";

export interface PropertyDiff {
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/**
 * Compares the last known state with new inputs as the plugin does, and names the changes by property path
 * (`options.domain`, `callbacks[0]`). An input that is left out is a change only if the server would not
 * choose it itself. Sets have no order. A value that is not known yet counts as different.
 */
export function diffResource(type: ResourceType, state: Props, inputs: Props): Map<string, PropertyDiff> {
  const found = new Map<string, PropertyDiff>();
  collect(type.fields, revealProps(state), revealProps(inputs), { path: "", replaces: false }, found);
  return found;
}

interface Place {
  readonly path: string;
  readonly replaces: boolean;
}

function collect(
  fields: Fields,
  olds: Props,
  news: Props,
  at: Place,
  found: Map<string, PropertyDiff>,
): void {
  for (const [name, field] of Object.entries(fields)) {
    const [old, wanted] = [olds[name], news[name]];
    if (!fieldChanged(field, old, wanted)) continue;
    const place = { path: `${at.path}${name}`, replaces: at.replaces || field.replaces === true };
    collectField(field, old, wanted, place, found);
  }
}

/** A field that has changed: the field as a whole, or those of its parts that differ. */
function collectField(
  field: Field,
  old: unknown,
  wanted: unknown,
  at: Place,
  found: Map<string, PropertyDiff>,
): void {
  if (field.kind === "block" && isObject(old) && isObject(wanted)) {
    return collect(field.fields, old, wanted, { ...at, path: `${at.path}.` }, found);
  }
  const edits = hasUnknown(wanted) ? undefined : editsOf(field, old, wanted);
  for (const [step, [before, after]] of edits ?? [["", [old, wanted]]]) {
    const place = { ...at, path: `${at.path}${step}` };
    if (field.kind === "blocks" && step !== "" && isObject(before) && isObject(after)) {
      collect(field.fields, before, after, { ...place, path: `${place.path}.` }, found);
    } else {
      found.set(place.path, { kind: kindOf(field, before, after), replaces: at.replaces });
    }
  }
}

/**
 * Whether a value counts as absent, so that the change is an addition or a deletion. It must have no default.
 * An empty collection counts as absent; `false` and an empty string do not.
 */
function kindOf(field: Field, old: unknown, wanted: unknown): PropertyDiff["kind"] {
  const collection = field.kind !== "string" && field.kind !== "boolean" && field.kind !== "integer";
  const absent = (value: unknown) =>
    value === undefined || value === null || (collection && value !== "" && isEmpty(value));
  if (absent(old)) return "add";
  const falls = "default" in field && field.default !== undefined;
  return absent(wanted) && !falls ? "delete" : "update";
}

/** Whether a field's new input asks for anything but its old value. Both revealed. */
export function fieldChanged(field: Field, old: unknown, wanted: unknown): boolean {
  if (field.output === true || field.unused === true) return false;
  if (wanted === undefined || wanted === null) return field.computed !== true && !isEmpty(old);
  if (hasUnknown(wanted)) return true;
  switch (field.kind) {
    case "string":
    case "boolean":
    case "integer":
      return isEmpty(old) && isEmpty(wanted) ? false : old !== wanted;
    case "map":
    case "maps":
      return isEmpty(old) && isEmpty(wanted) ? false : !equal(old, wanted);
    case "strings":
      return field.set === true ? !equal(sorted(old), sorted(wanted)) : !equal(old ?? [], wanted);
    case "block":
      return !isObject(wanted) || blockChanged(field.fields, isObject(old) ? old : {}, wanted);
    case "blocks":
      return blocksChanged(field.fields, sorted(old, field.set === true), sorted(wanted, field.set === true));
  }
}

function blockChanged(fields: Fields, old: Props, wanted: Props): boolean {
  return Object.entries(fields).some(([name, field]) => fieldChanged(field, old[name], wanted[name]));
}

function blocksChanged(fields: Fields, olds: unknown[], news: unknown[]): boolean {
  return (
    olds.length !== news.length ||
    news.some((wanted, index) => {
      const old = olds[index];
      return !isObject(wanted) || !isObject(old) || blockChanged(fields, old, wanted);
    })
  );
}

function sorted(value: unknown, set = true): unknown[] {
  const list = listOf(value);
  return set ? sortSet(list) : list;
}
