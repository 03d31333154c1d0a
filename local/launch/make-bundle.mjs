import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, stop } from "esbuild";
import { bundleName, recordFile, stateOf } from "./kept-bundle.mjs";

/** They load files of their own folder at run time, or are hardly ever loaded. */
const EXTERNAL = ["esbuild", "tsx", "typescript", "ts-node"];
/** A file that is changed while it is read may have a time from before that: file systems round it. */
const ROUNDING = 20;
/** What decides beside the sources how they are bundled. */
const SETTINGS = ["package.json", "tsconfig.json", "node_modules/.package-lock.json"];

/**
 * Bundles a program and keeps the bundle, unless one of its files was changed meanwhile. Each file is put
 * into its place whole, so that others may do the same at the same time.
 * @param {string} cache
 * @param {string} root
 * @param {string} entry
 * @returns {Promise<string>} the bundle's path.
 */
export async function makeBundle(cache, root, entry) {
  const began = Date.now() - ROUNDING;
  mkdirSync(cache, { recursive: true });
  const { code, map, inputs } = await bundled(cache, root, entry).finally(stop);
  const name = bundleName(root, entry);
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 16);
  const bundle = `${name}-${hash}.mjs`;
  const text = `${code}//# sourceMappingURL=${bundle}.map\n`;
  put(join(cache, `${bundle}.map`), map);
  put(join(cache, bundle), text);
  if (inputs.every((path) => statSync(join(root, path)).mtimeMs < began)) {
    const states = Object.fromEntries(inputs.map((path) => [path, stateOf(join(root, path))]));
    const record = { root, bundle, bytes: Buffer.byteLength(text), inputs: states };
    put(recordFile(cache, root, entry), JSON.stringify(record));
  }
  removeOld(cache, name);
  return join(cache, bundle);
}

/**
 * @param {string} cache
 * @param {string} root
 * @param {string} entry
 */
async function bundled(cache, root, entry) {
  const outfile = join(cache, "bundle.mjs");
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "esm",
    // The oldest that runs this project, since the next start may be on another one.
    target: "node20.19",
    external: EXTERNAL,
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "silent",
    // Packages in CommonJS call it.
    banner: {
      js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(${JSON.stringify(join(root, "package.json"))});`,
    },
    plugins: [{ name: "own places", setup: keepOwnPlaces }],
  });
  const [map, code] = [".map", ".mjs"].map((end) => outputFiles.find(({ path }) => path.endsWith(end)));
  if (map === undefined || code === undefined) throw new Error("esbuild has written no bundle.");
  const others = SETTINGS.filter((path) => existsSync(join(root, path)));
  const launcher = readdirSync(import.meta.dirname).map((name) =>
    relative(root, join(import.meta.dirname, name)),
  );
  return {
    code: code.text,
    map: placed(map.text, outfile),
    inputs: [...Object.keys(metafile.inputs), ...others, ...launcher],
  };
}

/**
 * Keeps what a file says of its own place true: it finds files beside itself by it.
 * @param {import("esbuild").PluginBuild} build
 */
function keepOwnPlaces(build) {
  build.onLoad({ filter: /\.(?:[cm]?js|ts)$/ }, async ({ path }) => {
    const contents = await readFile(path, "utf8");
    const foreign = path.includes("node_modules");
    const [url, folder, file] = [pathToFileURL(path).href, dirname(path), path].map((one) =>
      JSON.stringify(one),
    );
    const told = contents
      .replaceAll(/\bimport\.meta\.url\b/g, () => String(url))
      .replaceAll(/\bimport\.meta\.dirname\b/g, () => String(folder));
    const names = /\b__(?:dirname|filename)\b/.test(contents) && !/\b(?:const|let|var)\s+__/.test(contents);
    const head = foreign && names ? `var __dirname = ${folder}, __filename = ${file};` : "";
    // The map is for our own sources: an empty one keeps others out of it, which would make it many times
    // larger.
    const tail = foreign ? `\n//# sourceMappingURL=${EMPTY_MAP}` : "";
    return { contents: head + told + tail, loader: path.endsWith(".ts") ? "ts" : "js" };
  });
}

/**
 * Names the sources of a map by their addresses, wherever the map is read from.
 * @param {string} map
 * @param {string} file Where esbuild believes that it is.
 */
function placed(map, file) {
  /** @type {unknown} */
  const parsed = JSON.parse(map);
  const all = /** @type {{ sources: string[] }} */ (parsed);
  const sources = all.sources.map((source) => new URL(source, pathToFileURL(file)).href);
  return JSON.stringify({ ...all, sources });
}

const EMPTY_MAP = `data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString("base64")}`;

/**
 * @param {string} file
 * @param {string} text
 */
function put(file, text) {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}

/**
 * Removes the program's bundles but the newest and the one before, which another process may be about to
 * read.
 * @param {string} cache
 * @param {string} name
 */
function removeOld(cache, name) {
  const bundles = readdirSync(cache).filter(
    (other) => other.startsWith(`${name}-`) && other.endsWith(".mjs"),
  );
  const times = new Map(bundles.map((bundle) => [bundle, statSync(join(cache, bundle)).mtimeMs]));
  const old = bundles.toSorted((one, other) => (times.get(other) ?? 0) - (times.get(one) ?? 0)).slice(2);
  for (const bundle of old) {
    for (const end of ["", ".map", ".compiled"]) {
      rmSync(join(cache, `${bundle}${end}`), { recursive: true, force: true });
    }
  }
}
