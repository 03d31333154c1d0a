/** Parameters of a query or a form: only strings, and the names that came more than once. */
export interface Parameters {
  readonly values: Readonly<Record<string, string>>;
  readonly repeated: readonly string[];
}

/**
 * Reads a parsed query string or form or JSON body. Empty values count as absent and repeated ones are not
 * used (RFC 6749 section 3.1); numbers and booleans of JSON bodies are taken as text.
 */
export function parametersOf(parsed: unknown): Parameters {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  const repeated: string[] = [];
  if (typeof parsed !== "object" || parsed === null) return { values, repeated };
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value)) repeated.push(name);
    else if (typeof value === "string" && value !== "") values[name] = value;
    else if (typeof value === "number" || typeof value === "boolean") values[name] = String(value);
  }
  return { values, repeated };
}
