type Wire = Record<string, unknown>;

/** An object that is neither null nor an array. */
export function isObject(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Merges a PATCH body into a row: keys that are absent stay, null removes a key, anything else takes its
 * place. `deep` names the keys that are merged in the same way one level down.
 */
export function mergePatch(row: Wire, patch: Wire, deep: readonly string[] = []): Wire {
  const merged: Wire = { ...row };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (deep.includes(key) && isObject(value)) {
      const old = merged[key];
      merged[key] = mergePatch(isObject(old) ? old : {}, value);
    } else merged[key] = value;
  }
  return merged;
}

/** A copy of the row without some of its keys. */
export function omit<Row extends object, Key extends keyof Row>(
  row: Row,
  ...keys: readonly Key[]
): Omit<Row, Key> {
  const copy: Partial<Row> = { ...row };
  for (const key of keys) delete copy[key];
  // SAFETY: exactly the named keys were taken out.
  return copy as Omit<Row, Key>;
}
