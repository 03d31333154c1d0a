import { ManagementError } from "../lib/errors.ts";

/** Gives the row, or answers 404 in production's words. */
export function found<Row>(row: Row | undefined, message: string, errorCode?: string): Row {
  if (row === undefined) throw new ManagementError(404, message, errorCode);
  return row;
}
