import { ManagementError } from "../lib/errors.ts";
import type { Schema, SchemaType } from "./json-schema.ts";

interface Problem {
  /** Dotted path of the property, empty for the whole document. */
  readonly property: string;
  readonly text: string;
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uri: (text) => /^[a-z][a-z0-9+.-]*:[^\s]*$/i.test(text),
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  "date-time": (text) => !Number.isNaN(Date.parse(text)),
};

/**
 * Checks a request body as production does.
 * @throws {ManagementError} 400 `invalid_body`: `Payload validation error: 'PROBLEM' on property NAME.`
 */
export function checkBody(schema: Schema, body: unknown): void {
  const problem = findProblem(schema, body, "");
  if (problem !== undefined) {
    throw new ManagementError(400, `Payload validation error: ${describe(problem)}.`, "invalid_body");
  }
}

/**
 * Checks the named query parameters. They are text; a number or boolean is checked by what the text says.
 * @throws {ManagementError} 400 `invalid_query_string`.
 */
export function checkQuery(
  schemas: Readonly<Record<string, Schema>>,
  query: Readonly<Record<string, string>>,
): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const text = query[name];
    if (text === undefined) continue;
    const problem = findProblem(schema, fromText(schema, text), name);
    if (problem !== undefined) {
      throw new ManagementError(400, `Query validation error: ${describe(problem)}.`, "invalid_query_string");
    }
  }
}

function fromText(schema: Schema, text: string): unknown {
  if (schema.type === "integer" || schema.type === "number")
    return /^-?\d+$/.test(text) ? Number(text) : text;
  if (schema.type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function describe(problem: Problem): string {
  return `'${problem.text}'${problem.property === "" ? "" : ` on property ${problem.property}`}`;
}

function findProblem(schema: Schema, value: unknown, property: string): Problem | undefined {
  const text =
    typeProblem(schema, value) ??
    (schema.enum !== undefined && !schema.enum.includes(value)
      ? `No enum match for: ${JSON.stringify(value)}`
      : undefined);
  if (text !== undefined) return { property, text };
  if (typeof value === "string") return asProblem(stringProblem(schema, value), property);
  if (typeof value === "number") return asProblem(numberProblem(schema, value), property);
  if (Array.isArray(value)) return arrayProblem(schema, value, property);
  if (typeof value === "object" && value !== null) return objectProblem(schema, value, property);
  return undefined;
}

function asProblem(text: string | undefined, property: string): Problem | undefined {
  return text === undefined ? undefined : { property, text };
}

function typeProblem(schema: Schema, value: unknown): string | undefined {
  if (schema.type === undefined) return undefined;
  const found = typeName(value);
  const wanted: readonly SchemaType[] = typeof schema.type === "string" ? [schema.type] : schema.type;
  if (wanted.some((type) => type === found || (type === "number" && found === "integer"))) return undefined;
  return `Expected type ${wanted.join(",")} but found type ${found}`;
}

function typeName(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function stringProblem(schema: Schema, value: string): string | undefined {
  const { minLength, maxLength, pattern, format } = schema;
  if (minLength !== undefined && value.length < minLength) {
    return `String is too short (${value.length} chars), minimum ${minLength}`;
  }
  if (maxLength !== undefined && value.length > maxLength) {
    return `String is too long (${value.length} chars), maximum ${maxLength}`;
  }
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    return `String does not match pattern ${pattern}: ${value}`;
  }
  if (format !== undefined && FORMATS[format]?.(value) === false) {
    return `Object didn't pass validation for format ${format}: ${value}`;
  }
  return undefined;
}

function numberProblem(schema: Schema, value: number): string | undefined {
  const { minimum, maximum } = schema;
  if (minimum !== undefined && value < minimum) return `Value ${value} is less than minimum ${minimum}`;
  if (maximum !== undefined && value > maximum) return `Value ${value} is greater than maximum ${maximum}`;
  return undefined;
}

function arrayProblem(schema: Schema, value: readonly unknown[], property: string): Problem | undefined {
  const { minItems, maxItems, items } = schema;
  if (minItems !== undefined && value.length < minItems) {
    return { property, text: `Array is too short (${value.length}), minimum ${minItems}` };
  }
  if (maxItems !== undefined && value.length > maxItems) {
    return { property, text: `Array is too long (${value.length}), maximum ${maxItems}` };
  }
  if (schema.unique === true) {
    const texts = value.map((item) => JSON.stringify(item));
    const second = texts.findIndex((text, index) => texts.indexOf(text) !== index);
    if (second >= 0) {
      const first = texts.indexOf(texts[second] ?? "");
      return { property, text: `Array items are not unique (indexes ${first} and ${second})` };
    }
  }
  if (items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const problem = findProblem(items, item, `${property}[${index}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function objectProblem(schema: Schema, value: object, property: string): Problem | undefined {
  const { properties = {}, required = [], additional = schema.properties === undefined } = schema;
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  if (additional === false && unknown.length > 0) {
    return { property, text: `Additional properties not allowed: ${unknown.join(",")}` };
  }
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return { property, text: `Missing required property: ${missing}` };
  const count = Object.keys(value).length;
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    return { property, text: `Too many properties defined (${count}), maximum ${schema.maxProperties}` };
  }
  for (const [key, item] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const fits = known ?? (typeof additional === "object" ? additional : undefined);
    if (fits === undefined) continue;
    const problem = findProblem(fits, item, property === "" ? key : `${property}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
