import { isDeepStrictEqual } from "node:util";

/** A property map of the provider protocol, as plain JSON. */
export type Props = Record<string, unknown>;

/** Marks special objects in the provider protocol (sdk/go/common/resource/properties.go). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** The signature of a secret: `{ [SIGNATURE]: SECRET, value }`. */
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** What stands for a value that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Where the plugin notes which inputs it has chosen itself. */
export const DEFAULTS = "__defaults";

export function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): value is { value: unknown } & Props {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Wraps a value for the wire, unless it is a secret already. */
export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/**
 * The value with every secret inside in clear and the plugin's own `__` keys gone. For requests and
 * comparisons only.
 */
export function reveal(value: unknown): unknown {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, entry]) => [key, reveal(entry)]),
  );
}

/** `reveal` of a property map. */
export function revealProps(props: Props): Props {
  // SAFETY: a property map is revealed to a property map, because its top level is an object and not a
  // secret.
  return reveal(props) as Props;
}

/** Whether a secret is anywhere inside. */
export function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

/** Whether something inside is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (isSecret(value)) return hasUnknown(value.value);
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** The value if it is a list, else an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function equal(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

/**
 * Sorts a set by the JSON of its elements, with sorted keys, so that sets with the same elements in any order
 * are equal.
 */
export function sortSet<T>(elements: readonly T[]): T[] {
  return [...elements].sort((a, b) => compare(canonical(a), canonical(b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function canonical(value: unknown): string {
  return JSON.stringify(reveal(value), (_key, entry: unknown) =>
    isObject(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => compare(a, b))) : entry,
  );
}
