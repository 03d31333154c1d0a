/**
 * The URL that a text is, or `undefined`.
 *
 * `URL.canParse` is not used: once Node.js 20 has compiled a busy caller of it, it refuses texts with letters
 * such as `ü`.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
