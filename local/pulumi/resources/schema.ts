/**
 * A property of one resource type, as the auth0 plugin 3.49.0 knows it. Names are the plugin's (lowerCamel).
 */
export type Field = ScalarField | StringsField | MapField | MapsField | BlockField | BlocksField;

interface FieldBase {
  /** Key in the Management API's bodies. Absent: the name in snake case. */
  readonly wire?: string;
  /** The underlying provider's name, where the plugin's plural hides it. */
  readonly inner?: string;
  readonly required?: boolean;
  /** The server may choose a value that the program leaves out. */
  readonly computed?: boolean;
  /** Never an input. */
  readonly output?: boolean;
  /** Only its empty value is accepted, because this stack does not use the field. */
  readonly unused?: boolean;
  readonly secret?: boolean;
  /** A change makes a new resource. */
  readonly replaces?: boolean;
  /** Not part of bodies that follow the schema. */
  readonly offWire?: boolean;
}

export interface ScalarField extends FieldBase {
  readonly kind: "string" | "boolean" | "integer";
  readonly oneOf?: readonly string[];
  readonly default?: string | boolean | number;
}

/** A list of strings, or a set, whose order means nothing and which is kept sorted. */
export interface StringsField extends FieldBase {
  readonly kind: "strings";
  readonly set?: boolean;
}

/** String keys to string values. */
export interface MapField extends FieldBase {
  readonly kind: "map";
}

/** A list of maps. Only ever an output. */
export interface MapsField extends FieldBase {
  readonly kind: "maps";
}

/** One nested object or none. Underneath it is a list of at most one, which the plugin flattens. */
export interface BlockField extends FieldBase {
  readonly kind: "block";
  readonly fields: Fields;
  /** The wire has a list of one. */
  readonly listed?: boolean;
}

/** A list of nested objects, or a set. */
export interface BlocksField extends FieldBase {
  readonly kind: "blocks";
  readonly fields: Fields;
  readonly set?: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

/** Key of a field in the Management API's bodies. */
export function wireName(name: string, field: Field): string {
  return field.wire ?? snakeCase(name);
}

/** `isFirstParty` to `is_first_party`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What an absent value reads as: the zero value of its type. */
export function emptyValue(field: Field): unknown {
  switch (field.kind) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "integer":
      return 0;
    case "block":
      return null;
    case "map":
      return {};
    case "strings":
    case "maps":
    case "blocks":
      return [];
  }
}
