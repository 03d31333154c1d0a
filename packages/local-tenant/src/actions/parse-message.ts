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

/** The same as lists, which are walked for each message. */
const FIELDS = new Map(
  Object.entries<Readonly<Record<string, Check<unknown>>>>(CHECKS).map(([type, checks]) => [
    type,
    Object.entries(checks),
  ]),
);

/**
 * Reads a line of an Action's process, which may have been written by the Action itself. A key named
 * `__proto__` is dropped at every level, so that no later copy of a value can change its prototype.
 * @returns undefined when it is not a message.
 */
export function parseMessage(line: string): ChildMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
    // A key may be written with escapes.
    check(value, MAX_DEPTH, line.includes("__proto__") || line.includes("\\u"));
  } catch {
    return undefined;
  }
  if (!isPlainObject(value) || typeof value["type"] !== "string") return undefined;
  const fields = FIELDS.get(value["type"]);
  if (fields === undefined) return undefined;
  for (const [field, isRight] of fields) if (!isRight(value[field])) return undefined;
  // SAFETY: every field of this type of message was looked at above.
  return value as unknown as ChildMessage;
}

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFailure(error: unknown): error is { message: string; kind: string } {
  return isPlainObject(error) && typeof error["message"] === "string" && typeof error["kind"] === "string";
}

/** Drops keys named `__proto__`, where there may be any, and throws where the value is nested too deeply. */
function check(value: unknown, depth: number, mayHaveProto: boolean): void {
  if (typeof value !== "object" || value === null) return;
  if (depth === 0) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth - 1, mayHaveProto);
    return;
  }
  if (mayHaveProto && Object.hasOwn(value, "__proto__")) delete (value as PlainObject)["__proto__"];
  for (const key in value) check((value as PlainObject)[key], depth - 1, mayHaveProto);
}
