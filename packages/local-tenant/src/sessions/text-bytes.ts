/**
 * About how many bytes a value takes: two for each character of its texts, which is the most that the engine
 * needs, and some for each property. A text that two properties share counts twice.
 */
export function textBytes(value: unknown): number {
  if (typeof value === "string") return 16 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 16;
  for (const [name, inner] of Object.entries(value)) bytes += 8 + 2 * name.length + textBytes(inner);
  return bytes;
}
