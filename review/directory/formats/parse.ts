import { jsonSyntaxError } from "../../../packages/local-tenant/src/lib/json-syntax-error.ts";
import type { BadRow } from "../rows.ts";

/** An object of a file, or why its text is not one. */
export function parseObject(
  line: number,
  text: string,
): { readonly object: Readonly<Record<string, unknown>> } | { readonly bad: BadRow } {
  const refuse = (at: number, reason: string) => ({ bad: { kind: "bad", line: at, reason } as const });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const error = jsonSyntaxError(text);
    const at = line + (error?.line ?? 1) - 1;
    return refuse(at, `it is not JSON: expected ${error?.expected ?? "a value"}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(line, "it is not an object");
  }
  if (text.includes("\uFFFD")) return refuse(line, NOT_UTF8);
  // SAFETY: the lines above leave plain objects alone.
  return { object: value as Record<string, unknown> };
}

/** Why a row with U+FFFD is refused: a name with it is not the name that the directory has. */
export const NOT_UTF8 = "it has characters that are not UTF-8; export the file as UTF-8";
