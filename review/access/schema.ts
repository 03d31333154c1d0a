import { KIND_NAMES, kindOf } from "./kinds.ts";
import type { Field, Kind, KindName } from "./kinds.ts";

type Json = Readonly<Record<string, unknown>>;

/** The JSON schema of `access.yaml`, for editors; `review/access.schema.json` is this one, written down. */
export function accessSchema(): Json {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "access.yaml: what must hold for everybody's token",
    type: "object",
    additionalProperties: false,
    minProperties: 1,
    properties: Object.fromEntries(KIND_NAMES.map((name) => [name, listOf(name)])),
  };
}

function listOf(name: KindName): Json {
  const kind = kindOf(name);
  return { description: kind.describes, type: "array", minItems: 1, items: ruleSchema(kind) };
}

function ruleSchema({ fields, oneOf, together }: Kind): Json {
  const required = Object.keys(fields).filter((key) => fields[key]?.required);
  const dependencies = (together ?? []).flatMap(([one, other]) => [
    [one, [other]],
    [other, [one]],
  ]);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fieldSchema(field)])),
    ...(required.length > 0 && { required }),
    ...(oneOf !== undefined && { oneOf: oneOf.map((key) => ({ required: [key] })) }),
    ...(dependencies.length > 0 && { dependencies: Object.fromEntries(dependencies) as unknown }),
  };
}

function fieldSchema({ type, describes }: Field): Json {
  return { description: describes, ...TYPES[type] };
}

const TEXT = { type: "string", pattern: "\\S" };
const TYPES: Readonly<Record<Field["type"], Json>> = {
  names: { anyOf: [TEXT, { type: "array", minItems: 1, uniqueItems: true, items: TEXT }] },
  text: TEXT,
  number: { type: "integer", minimum: 0 },
  flag: { type: "boolean" },
};
