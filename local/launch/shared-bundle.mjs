import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleName, isWhole, readRecord, recordFile, stateOf } from "./kept-bundle.mjs";

/** A file that is changed while it is read may have a time from before that: file systems round it. */
export const ROUNDING = 20;

/**
 * Path of a bundle that another checkout has made of files with the same contents, and with the same
 * packages: a copy of a checkout has the `node_modules` of that one. It is this checkout's too from now on.
 * @param {string} cache
 * @param {string} root
 * @param {string} entry
 * @returns {string | undefined}
 */
export function sharedBundle(cache, root, entry) {
  if (!existsSync(cache)) return undefined;
  const began = Date.now() - ROUNDING;
  const own = recordFile(cache, root, entry);
  for (const file of recordsOf(cache, bundleName(root, entry))) {
    try {
      const record = readRecord(file);
      if (file === own || !isWhole(cache, record) || !isMadeOf(record, root)) continue;
      keepRecord(own, { ...record, root }, began);
      return join(cache, record.bundle);
    } catch {
      // A file is not there, or the record is damaged.
    }
  }
  return undefined;
}

/**
 * Whether a checkout has the files that a bundle was made of.
 * @param {import("./kept-bundle.mjs").BundleRecord} record
 * @param {string} root
 */
function isMadeOf({ inputs, contents }, root) {
  return Object.entries(inputs).every(([path, state]) =>
    path in contents ? contentOf(join(root, path)) === contents[path] : stateOf(join(root, path)) === state,
  );
}

/**
 * Keeps what a checkout knows of a bundle, unless one of its files was changed meanwhile.
 * @param {string} file
 * @param {import("./kept-bundle.mjs").BundleRecord} record
 * @param {number} began
 */
export function keepRecord(file, record, began) {
  const paths = Object.keys(record.inputs);
  if (paths.some((path) => statSync(join(record.root, path)).mtimeMs >= began)) return;
  const inputs = Object.fromEntries(paths.map((path) => [path, stateOf(join(record.root, path))]));
  put(file, JSON.stringify({ ...record, inputs }));
}

/**
 * Puts a file into its place whole, so that others may do the same at the same time.
 * @param {string} file
 * @param {string} text
 */
export function put(file, text) {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}

/**
 * A digest of a file.
 * @param {string} path
 */
export function contentOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
}

/**
 * Removes a program's bundles that no checkout has any more, but for the newest and the one before, which
 * another process may be about to read.
 * @param {string} cache
 * @param {string} name
 */
export function removeOld(cache, name) {
  const used = recordsOf(cache, name).flatMap((file) => {
    try {
      const { root, bundle } = readRecord(file);
      if (existsSync(root)) return [bundle];
    } catch {
      // It is damaged.
    }
    rmSync(file, { force: true });
    return [];
  });
  const bundles = readdirSync(cache).filter(
    (other) => other.startsWith(`${name}-`) && other.endsWith(".mjs"),
  );
  const times = new Map(bundles.map((bundle) => [bundle, statSync(join(cache, bundle)).mtimeMs]));
  const old = bundles.toSorted((one, other) => (times.get(other) ?? 0) - (times.get(one) ?? 0)).slice(2);
  for (const bundle of old.filter((other) => !used.includes(other))) {
    for (const end of ["", ".map", ".compiled"]) {
      rmSync(join(cache, `${bundle}${end}`), { recursive: true, force: true });
    }
  }
}

/**
 * @param {string} cache
 * @param {string} name
 */
function recordsOf(cache, name) {
  const files = readdirSync(cache).filter((file) => file.startsWith(`${name}-`) && file.endsWith(".json"));
  return files.map((file) => join(cache, file));
}
