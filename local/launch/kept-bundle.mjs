import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * What a checkout knows of a bundle.
 * @typedef {object} BundleRecord
 * @property {string} root The checkout.
 * @property {string} bundle Name of the file.
 * @property {number} bytes Its size.
 * @property {Readonly<Record<string, string>>} inputs The state of each file that it was made of, by its path
 * in the checkout.
 * @property {Readonly<Record<string, string>>} contents A digest of each of them that is not a package's.
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
    const record = readRecord(recordFile(cache, root, entry));
    if (record.root !== root || !isWhole(cache, record)) return undefined;
    const inputs = Object.entries(record.inputs);
    const same = inputs.every(([path, state]) => stateOf(join(root, path)) === state);
    return same ? join(cache, record.bundle) : undefined;
  } catch {
    // There is none, or it is damaged.
    return undefined;
  }
}

/**
 * @param {string} file
 * @returns {BundleRecord}
 */
export function readRecord(file) {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(file, "utf8"));
  return /** @type {BundleRecord} */ (parsed);
}

/**
 * Whether the bundle of a record is there, and not cut off.
 * @param {string} cache
 * @param {BundleRecord} record
 */
export function isWhole(cache, { bundle, bytes }) {
  return statSync(join(cache, bundle)).size === bytes;
}

/**
 * Where a checkout's record of a program's bundle is. Checkouts may share one `node_modules`.
 * @param {string} cache
 * @param {string} root
 * @param {string} entry
 */
export function recordFile(cache, root, entry) {
  const place = createHash("sha256").update(root).digest("hex").slice(0, 8);
  return join(cache, `${bundleName(root, entry)}-${place}.json`);
}

/**
 * How the names of a program's files in the cache begin.
 * @param {string} root
 * @param {string} entry
 */
export function bundleName(root, entry) {
  return relative(root, entry).replaceAll(/[^\w-]+/g, "-");
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
