/** The part of JSON Schema that request bodies and queries are described with. */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /**
   * If it is `false`, or absent beside `properties`, other keys are refused. If it is a schema, other keys
   * must fit it.
   */
  readonly additional?: boolean | Schema;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: "uri" | "email" | "date-time";
  readonly minimum?: number;
  readonly maximum?: number;
}

export type SchemaType = "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";

/** Anything at all. */
export const anything: Schema = {};
export const boolean: Schema = { type: "boolean" };
export const number: Schema = { type: "number" };

/** Text with limits. */
export function string(limits: Omit<Schema, "type"> = {}): Schema {
  return { type: "string", ...limits };
}

export function integer(minimum?: number, maximum?: number): Schema {
  return {
    type: "integer",
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/** One of the given texts. */
export function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

export function arrayOf(
  items: Schema,
  limits: Pick<Schema, "minItems" | "maxItems" | "unique"> = {},
): Schema {
  return { type: "array", items, ...limits };
}

/** An object with these keys and no others. Keys that end in `!` must be there. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  const required = Object.keys(properties).filter((key) => key.endsWith("!"));
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => [key.replace(/!$/, ""), schema]),
    ),
    required: required.map((key) => key.slice(0, -1)),
    additional: false,
  };
}

/** An object with any keys, whose values fit `values`. */
export function mapOf(values: Schema = anything, maxProperties?: number): Schema {
  return { type: "object", additional: values, ...(maxProperties === undefined ? {} : { maxProperties }) };
}

/** The same, or null. */
export function nullable(schema: Schema): Schema {
  if (schema.type === undefined) return schema;
  // SAFETY: Array.isArray does not narrow readonly arrays; what is not an array here is one type.
  const types = Array.isArray(schema.type) ? (schema.type as SchemaType[]) : [schema.type as SchemaType];
  return {
    ...schema,
    type: [...types, "null"],
    ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }),
  };
}

/**
 * The same object schema with nothing required, and with other keys added or put in the place of those of the
 * same name.
 */
export function patchOf(schema: Schema, changes: Readonly<Record<string, Schema | undefined>> = {}): Schema {
  const properties = Object.entries({ ...schema.properties, ...changes });
  return {
    ...schema,
    required: [],
    // SAFETY: keys without a schema were taken out by the filter.
    properties: Object.fromEntries(properties.filter(([, value]) => value !== undefined)) as Record<
      string,
      Schema
    >,
  };
}
