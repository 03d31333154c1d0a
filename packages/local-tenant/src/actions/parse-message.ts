import type { ChildMessage } from "./protocol.ts";
import type { PlainObject } from "./types.ts";

/**
 * How deep a value of an Action may be nested. It is limited because the code that signs or stores it
 * recurses.
 */
const MAX_DEPTH = 64;

type Check<Value> = (value: unknown) => value is Value;

/**
 * A check for each field of a message, except where it may hold anything. The compiler refuses a missing or a
 * wrong one.
 */
type Checks<Message> = {
  readonly [Field in keyof Message as Checked<Message, Field>]-?: Check<Message[Field]>;
};

type Checked<Message, Field extends keyof Message> = Field extends "type"
  ? never
  : unknown extends Message[Field]
    ? never
    : Field;

const isNumber: Check<number> = (value) => typeof value === "number";
const isString: Check<string> = (value) => typeof value === "string";
const isBoolean: Check<boolean> = (value) => typeof value === "boolean";
const isList: Check<readonly unknown[]> = (value) => Array.isArray(value);
const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value) =>
    value === undefined || check(value);
const listOf =
  <Item>(check: Check<Item>): Check<readonly Item[]> =>
  (value) =>
    Array.isArray(value) && value.every(check);

const CHECKS: { readonly [Type in ChildMessage["type"]]: Checks<Extract<ChildMessage, { type: Type }>> } = {
  started: { run: isNumber },
  waiting: { run: isNumber },
  refused: { run: isNumber },
  console: { run: isNumber, level: isString, text: isString },
  http: { run: isNumber, id: isNumber, method: isString, url: isString },
  "http-end": { run: isNumber, id: isNumber, status: optional(isNumber), milliseconds: isNumber },
  call: { run: isNumber, call: isNumber, method: isString },
  done: {
    run: isNumber,
    fatal: isBoolean,
    changed: isBoolean,
    pending: listOf(isString),
    dropped: isNumber,
    cpu: isNumber,
    error: optional(isFailure),
    effects: listOf(isList),
  },
};

/**
 * Reads a line of an Action's process, which may have been written by the Action itself. A key named
 * `__proto__` is dropped at every level, so that no later copy of a value can change its prototype.
 * @returns undefined when it is not a message.
 */
export function parseMessage(line: string): ChildMessage | undefined {
  let value: unknown;
  try {
    value = clean(JSON.parse(line), MAX_DEPTH);
  } catch {
    return undefined;
  }
  if (!isPlainObject(value) || !isMessageType(value["type"])) return undefined;
  const checks: Readonly<Record<string, Check<unknown>>> = CHECKS[value["type"]];
  for (const [field, check] of Object.entries(checks)) if (!check(value[field])) return undefined;
  // SAFETY: every field of this type of message was looked at above.
  return value as unknown as ChildMessage;
}

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMessageType(type: unknown): type is ChildMessage["type"] {
  return typeof type === "string" && Object.hasOwn(CHECKS, type);
}

function isFailure(error: unknown): error is { message: string; kind: string } {
  return isPlainObject(error) && typeof error["message"] === "string" && typeof error["kind"] === "string";
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) {
    for (const item of value) clean(item, depth - 1);
    return value;
  }
  if (Object.hasOwn(value, "__proto__")) delete (value as PlainObject)["__proto__"];
  for (const item of Object.values(value)) clean(item, depth - 1);
  return value;
}
