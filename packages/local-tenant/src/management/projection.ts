import { boolean } from "./json-schema.ts";
import type { Schema } from "./json-schema.ts";
import type { Query } from "./operation.ts";

/** Query parameters that choose fields. */
export const fieldsQuery: Readonly<Record<string, Schema>> = { include_fields: boolean };

/**
 * Keeps (or with `include_fields=false` leaves out) the fields that `fields` names. `always` names what
 * production answers whatever was asked for.
 */
export function project(
  row: Readonly<Record<string, unknown>>,
  query: Query,
  always: readonly string[] = [],
): Record<string, unknown> {
  const fields = query["fields"];
  if (fields === undefined || fields === "") return { ...row };
  const named = new Set(fields.split(",").map((field) => field.trim()));
  const include = query["include_fields"] !== "false";
  return Object.fromEntries(
    Object.entries(row).filter(([key]) => named.has(key) === include || always.includes(key)),
  );
}
