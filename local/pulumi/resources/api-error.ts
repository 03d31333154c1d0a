import { isObject } from "./values.ts";

/** An answer of 400 and above. Its text is the plugin's: `404 Not Found: The client does not exist`. */
export class ManagementApiError extends Error {
  override readonly name = "ManagementApiError";
  readonly status: number;

  constructor(status: number, error: string, message: string) {
    super(`${status} ${error}: ${message}`);
    this.status = status;
  }
}

/**
 * The error that an answer's text stands for. As the plugin's SDK does: the body's `statusCode` before the
 * answer's own.
 */
export function apiError(status: number, text: string): ManagementApiError {
  const body = parseObject(text);
  if (body === undefined)
    return new ManagementApiError(status, "Request failed", "the answer has no error body");
  const { statusCode, error, message } = body;
  return new ManagementApiError(
    typeof statusCode === "number" ? statusCode : status,
    typeof error === "string" ? error : "Request failed",
    typeof message === "string" ? message : "no message",
  );
}

/** A JSON object, or undefined for any other text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
