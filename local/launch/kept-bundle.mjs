import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * What is known of a bundle.
 * @typedef {object} BundleRecord
 * @property {string} root The checkout, whose path is in the bundle.
 * @property {string} bundle Name of the file.
 * @property {number} bytes Its size.
 * @property {Readonly<Record<string, string>>} inputs The state of each file that it was made of, by its path
 * in the checkout.
 */

/**
 * Path of the bundle of a program, if there is one and none of its files has changed since.
 * @param {string} cache
 * @param {string} root
 * @param {string} entry
 * @returns {string | undefined}
 */
export function keptBundle(cache, root, entry) {
  try {
    /** @type {unknown} */
    const parsed = JSON.parse(readFileSync(recordFile(cache, root, entry), "utf8"));
    const record = /** @type {BundleRecord} */ (parsed);
    const bundle = join(cache, record.bundle);
    if (record.root !== root || statSync(bundle).size !== record.bytes) return undefined;
    const inputs = Object.entries(record.inputs);
    return inputs.every(([path, state]) => stateOf(join(root, path)) === state) ? bundle : undefined;
  } catch {
    // There is none, or it is damaged.
    return undefined;
  }
}

/**
 * Where the record of a program's bundle is. Checkouts may share one `node_modules`.
 * @param {string} cache
 * @param {string} root
 * @param {string} entry
 */
export function recordFile(cache, root, entry) {
  return join(cache, `${bundleName(root, entry)}.json`);
}

/**
 * How the names of a program's files in the cache begin.
 * @param {string} root
 * @param {string} entry
 */
export function bundleName(root, entry) {
  const place = createHash("sha256").update(root).digest("hex").slice(0, 8);
  return `${relative(root, entry).replaceAll(/[^\w-]+/g, "-")}-${place}`;
}

/**
 * What is different once a file was changed or replaced: no tool sets the time of the last change of a file's
 * entry back.
 * @param {string} path
 */
export function stateOf(path) {
  const { size, mtimeMs, ctimeMs } = statSync(path);
  return `${size} ${mtimeMs} ${ctimeMs}`;
}
