import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Gives stacks the lines of the sources. The bundle's map is read when a stack is first looked at, which
 * hardly any run does: Node.js would read it at each start, if it were told to map stacks.
 * @param {string} bundle
 * @param {string} root The checkout whose sources they are.
 */
export function tellSourceLines(bundle, root) {
  const name = basename(bundle).replaceAll(".", "\\.");
  const places = new RegExp(`file://[^\\s()]*/${name}(?:\\?[^\\s():]*)?:(\\d+):(\\d+)`, "g");
  /** @type {SourceMap | undefined} */
  let map;
  /**
   * @param {string} place
   * @param {string} line
   * @param {string} column
   */
  const sourceOf = (place, line, column) => {
    try {
      map ??= readMap(bundle);
      const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!("originalSource" in entry)) return place;
      // A map says where a source is as seen from the bundle, which is in node_modules/.cache/workforce-sso.
      const source = entry.originalSource.replace(/^(?:\.\.\/){3}/, "");
      return `${pathToFileURL(join(root, source)).href}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    } catch {
      // The map is gone. A stack must not be what fails.
      return place;
    }
  };
  Error.prepareStackTrace = (error, sites) =>
    [headOf(error), ...sites.map(String)].join("\n    at ").replaceAll(places, sourceOf);
}

/** @param {string} bundle */
function readMap(bundle) {
  /** @type {unknown} */
  const map = JSON.parse(readFileSync(join(dirname(bundle), `${basename(bundle)}.map`), "utf8"));
  return new SourceMap(/** @type {import("node:module").SourceMapPayload} */ (map));
}

/**
 * What Node.js begins a stack with: its own errors name their codes.
 * @param {Error & { readonly code?: unknown }} error
 */
function headOf(error) {
  const text = Error.prototype.toString.call(error);
  const { name, code } = error;
  const own = typeof code === "string" && code.startsWith("ERR_") && text.startsWith(`${name}:`);
  return own ? `${name} [${code}]${text.slice(name.length)}` : text;
}
