import { randomBytes } from "node:crypto";
import type { ResourceType } from "./resource-type.ts";
import type { Field, Fields, ScalarField } from "./schema.ts";
import type { Props } from "./values.ts";
import { DEFAULTS, isEmpty, isObject, isSecret, isUnknown, reveal, revealProps, secret } from "./values.ts";
import { wrapSet } from "./outputs.ts";

export interface CheckFailure {
  /** Path of the input, such as `options.clientId`. */
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Props;
  readonly failures: CheckFailure[];
}

/**
 * The program's inputs as the plugin would keep them: without nulls, with defaults, with `__defaults` at each
 * level, which names what was chosen here, and with sensitive values wrapped. Errors are collected, each with
 * its property's path.
 */
export function checkInputs(type: ResourceType, news: Props, olds: Props = {}, name = ""): CheckResult {
  const failures: CheckFailure[] = [];
  const inputs = checkObject(type.fields, news, "", failures, olds);
  if (type.fields["name"]?.required === true && inputs["name"] === undefined && name !== "") {
    inputs["name"] = automaticName(olds, name);
    inputs[DEFAULTS] = [...chosenIn(inputs), "name"];
  }
  checkRequired(type.fields, inputs, "", failures);
  const reason = failures.length === 0 ? type.validate?.(revealProps(inputs)) : undefined;
  if (reason !== undefined) failures.push({ property: reason.split(":")[0] ?? "", reason });
  return { inputs, failures };
}

function chosenIn(inputs: Props): unknown[] {
  const chosen = inputs[DEFAULTS];
  return Array.isArray(chosen) ? chosen : [];
}

/** The plugin's rule: the resource's name, a dash and seven hex digits; a name that it has once stays. */
function automaticName(olds: Props, name: string): unknown {
  return olds["name"] ?? `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}

function checkObject(
  fields: Fields,
  given: Props,
  path: string,
  failures: CheckFailure[],
  olds: Props = {},
): Props {
  const checked: Props = { [DEFAULTS]: [] };
  const chosen: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("__") || value === null || value === undefined) continue;
    const field = fields[name];
    const property = `${path}${name}`;
    if (field === undefined || field.output === true) {
      failures.push({ property, reason: unknownInput(property, fields, field !== undefined) });
    } else if (field.unused === true) {
      failures.push({
        property,
        reason: `${property}: the stand-in provider does not know this input; use the auth0 plugin for it`,
      });
    } else {
      checked[name] = checkValue(field, value, property, failures);
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    if (checked[name] !== undefined || !isScalar(field) || field.default === undefined) continue;
    // A value that was chosen once stays, also if a refresh has found another value and no longer knows who
    // chose it.
    const former = olds[DEFAULTS] === undefined || chosenIn(olds).includes(name) ? olds[name] : undefined;
    // An empty default has no effect, and the plugin does not record it.
    if (former === undefined && isEmpty(field.default)) continue;
    checked[name] = former ?? field.default;
    chosen.push(name);
  }
  checked[DEFAULTS] = chosen;
  return checked;
}

function unknownInput(property: string, fields: Fields, output: boolean): string {
  if (output) return `${property}: is an output and cannot be set`;
  const known = Object.entries(fields).filter(([, field]) => field.output !== true && field.unused !== true);
  return `${property}: is not an input of this resource. Its inputs: ${known.map(([name]) => name).join(", ")}`;
}

function checkRequired(fields: Fields, inputs: Props, path: string, failures: CheckFailure[]): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = isSecret(inputs[name]) ? inputs[name].value : inputs[name];
    const property = `${path}${name}`;
    if (value === undefined) {
      if (field.required === true)
        failures.push({ property, reason: `${property}: is required and missing` });
    } else if (field.kind === "block" && isObject(value)) {
      checkRequired(field.fields, value, `${property}.`, failures);
    } else if (field.kind === "blocks" && Array.isArray(value)) {
      for (const [index, entry] of value.entries()) {
        const inner: unknown = isSecret(entry) ? entry.value : entry;
        if (isObject(inner)) checkRequired(field.fields, inner, `${property}[${index}].`, failures);
      }
    }
  }
}

function checkValue(field: Field, value: unknown, path: string, failures: CheckFailure[]): unknown {
  if (isUnknown(value)) return value;
  if (isSecret(value)) {
    const inner = checkValue(field, value.value, path, failures);
    return isSecret(inner) ? inner : { ...value, value: inner };
  }
  if (isScalar(field)) {
    const checked = checkScalar(field, value, path, failures);
    return field.secret === true ? secret(checked) : checked;
  }
  if (field.kind === "block") {
    return isObject(value)
      ? checkObject(field.fields, value, `${path}.`, failures)
      : refuse(path, "an object", value, failures);
  }
  if (field.kind === "map") {
    return isObject(value)
      ? checkStrings(Object.entries(value), path, value, failures)
      : refuse(path, "an object", value, failures);
  }
  if (!Array.isArray(value)) return refuse(path, "a list", value, failures);
  if (field.kind !== "blocks") return checkStrings([...value.entries()], path, value, failures);
  const entries = value.map((entry: unknown, index) =>
    checkBlock(field.fields, entry, `${path}[${index}]`, failures),
  );
  return wrapSet(field, entries);
}

function checkBlock(fields: Fields, entry: unknown, path: string, failures: CheckFailure[]): unknown {
  if (isUnknown(entry)) return entry;
  if (isSecret(entry)) return secret(checkBlock(fields, entry.value, path, failures));
  if (!isObject(entry)) return refuse(path, "an object", entry, failures);
  return checkObject(fields, entry, `${path}.`, failures);
}

function checkStrings(
  entries: [string | number, unknown][],
  path: string,
  value: unknown,
  failures: CheckFailure[],
): unknown {
  for (const [key, entry] of entries) {
    const inner = reveal(entry);
    if (typeof inner !== "string") refuse(`${path}[${key}]`, "a string", inner, failures);
  }
  return value;
}

function checkScalar(field: ScalarField, value: unknown, path: string, failures: CheckFailure[]): unknown {
  if (field.kind === "integer") {
    if (!Number.isInteger(value)) return refuse(path, "a whole number", value, failures);
  } else if (typeof value !== field.kind) {
    return refuse(path, `a ${field.kind}`, value, failures);
  }
  if (field.oneOf !== undefined && !field.oneOf.some((allowed) => allowed === value)) {
    failures.push({ property: path, reason: `${path}: must be one of ${field.oneOf.join(", ")}` });
  }
  return value;
}

/** The message contains only the value's type, because the value may be a secret. */
function refuse(path: string, wanted: string, value: unknown, failures: CheckFailure[]): unknown {
  const got = value === null ? "null" : Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
  failures.push({ property: path, reason: `${path}: must be ${wanted}, but is ${got}` });
  return value;
}

function isScalar(field: Field): field is ScalarField {
  return field.kind === "string" || field.kind === "boolean" || field.kind === "integer";
}
