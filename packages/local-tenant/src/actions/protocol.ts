import type { EntryPoint, PlainObject, TransactionValue } from "./types.ts";

/** What the tenant says once, before the first run. */
export interface LoadMessage {
  readonly type: "load";
  readonly name: string;
  readonly code: string;
  /** Declared name to the file from which `require` finds it. */
  readonly packages: Readonly<Record<string, string>>;
}

/** One run of the Action. The event travels apart, as JSON text that all Actions of a flow share. */
export interface RunRequest {
  readonly entry: EntryPoint;
  readonly event: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly transactionMetadata: Readonly<Record<string, TransactionValue>>;
  readonly samlAttributes: Readonly<Record<string, unknown>>;
  readonly cache: readonly (readonly [key: string, value: string, expiresAt: number])[];
  /** Milliseconds that the tenant's clock is ahead of the machine's. */
  readonly clockAhead: number;
}

/** A message of the process in which an Action runs, in the shape it should have. */
export type ChildMessage =
  | { readonly type: "started"; readonly run: number }
  | { readonly type: "console"; readonly run: number; readonly level: string; readonly text: string }
  | {
      readonly type: "http";
      readonly run: number;
      readonly id: number;
      readonly method: string;
      readonly url: string;
    }
  | {
      readonly type: "http-end";
      readonly run: number;
      readonly id: number;
      readonly status?: number;
      readonly milliseconds: number;
    }
  | {
      readonly type: "call";
      readonly run: number;
      readonly call: number;
      readonly method: string;
      readonly args: unknown;
    }
  | DoneMessage;

export interface DoneMessage {
  readonly type: "done";
  readonly run: number;
  /** The process cannot be used again. */
  readonly fatal: boolean;
  /** The Action has changed a built-in object. */
  readonly changed: boolean;
  /** Kinds of work that the Action has left behind. */
  readonly pending: readonly string[];
  /** Console lines that were not sent. */
  readonly dropped: number;
  /** Milliseconds of CPU that the process has used since it began. */
  readonly cpu: number;
  readonly error?: { readonly message: string; readonly kind: string };
  readonly effects: readonly (readonly unknown[])[];
}

/** How deep a value of an Action may be nested; what signs or stores it later recurses. */
const MAX_DEPTH = 64;

const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  started: { run: "number" },
  console: { run: "number", level: "string", text: "string" },
  http: { run: "number", id: "number", method: "string", url: "string" },
  "http-end": { run: "number", id: "number", milliseconds: "number" },
  call: { run: "number", call: "number", method: "string" },
  done: { run: "number", fatal: "boolean", changed: "boolean", dropped: "number", cpu: "number" },
};

/**
 * Reads a line of an Action's process, which may have been written by the Action itself. A key named `__proto__` is dropped at
 * every level, so that no later copy of a value can change its prototype.
 * @returns undefined when it is no message.
 */
export function parseMessage(line: string): ChildMessage | undefined {
  let value: unknown;
  try {
    value = clean(JSON.parse(line), MAX_DEPTH);
  } catch {
    return undefined;
  }
  if (!isPlainObject(value) || typeof value["type"] !== "string") return undefined;
  const fields = Object.hasOwn(FIELDS, value["type"]) ? FIELDS[value["type"]] : undefined;
  if (fields === undefined) return undefined;
  const { type, effects, error, pending, status } = value;
  if (Object.entries(fields).some(([name, kind]) => typeof value[name] !== kind)) return undefined;
  if (type === "http-end" && status !== undefined && typeof status !== "number") return undefined;
  if (type === "done" && !(Array.isArray(effects) && effects.every(Array.isArray))) return undefined;
  if (type === "done" && !(Array.isArray(pending) && pending.every((kind) => typeof kind === "string")))
    return undefined;
  if (type === "done" && error !== undefined && !isFailure(error)) return undefined;
  // SAFETY: every field of each kind of message was looked at above.
  return value as unknown as ChildMessage;
}

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFailure(error: unknown): boolean {
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
