import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build, stop } from "esbuild";
import { bundleName, recordFile } from "./kept-bundle.mjs";
import { contentOf, keepRecord, put, removeOld, ROUNDING } from "./shared-bundle.mjs";

/** They load files of their own folder at run time. */
const OWN_FILES = ["esbuild", "tsx", "typescript", "ts-node"];
/** Fastify loads them only where they are used, which is nowhere or in tests: half of a tenant's bundle. */
const HARDLY_USED = [
  "@fastify/ajv-compiler",
  "@fastify/fast-json-stringify-compiler",
  "light-my-request",
  "pino",
];
/** What decides beside the sources how they are bundled. */
const SETTINGS = ["package.json", "tsconfig.json", "node_modules/.package-lock.json"];

/**
 * Bundles a program and keeps the bundle.
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
  const own = inputs.filter((path) => !path.startsWith("node_modules/"));
  const record = {
    root,
    bundle,
    bytes: Buffer.byteLength(text),
    inputs: Object.fromEntries(inputs.map((path) => [path, ""])),
    contents: Object.fromEntries(own.map((path) => [path, contentOf(join(root, path))])),
  };
  keepRecord(recordFile(cache, root, entry), record, began);
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
    external: [...OWN_FILES, ...HARDLY_USED],
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "silent",
    // The packages of a copy are found at a link, and have to be called the same there.
    preserveSymlinks: true,
    banner: { js: BANNER },
    plugins: [{ name: "own places", setup: (builder) => keepOwnPlaces(builder, root) }],
  });
  const [map, code] = [".map", ".mjs"].map((end) => outputFiles.find(({ path }) => path.endsWith(end)));
  if (map === undefined || code === undefined) throw new Error("esbuild has written no bundle.");
  const others = SETTINGS.filter((path) => existsSync(join(root, path)));
  const launcher = readdirSync(import.meta.dirname).map((name) =>
    relative(root, join(import.meta.dirname, name)),
  );
  return {
    code: code.text,
    map: map.text,
    inputs: [...Object.keys(metafile.inputs), ...others, ...launcher],
  };
}

/** Says where a file of the checkout is in which the program runs. Packages in CommonJS call `require`. */
const BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { join as __join } from "node:path";',
  'import { pathToFileURL as __urlOf } from "node:url";',
  'const __root = new URL(import.meta.url).searchParams.get("root");',
  'const require = __createRequire(__join(__root, "package.json"));',
].join(" ");

/**
 * Keeps what a file says of its own place true: it finds files beside itself by it.
 * @param {import("esbuild").PluginBuild} build
 * @param {string} root
 */
function keepOwnPlaces(build, root) {
  build.onLoad({ filter: /\.(?:[cm]?js|ts)$/ }, async ({ path }) => {
    const contents = await readFile(path, "utf8");
    const foreign = path.includes("node_modules");
    const [file, folder] = [path, dirname(path)].map(
      (one) => `__join(__root, ${JSON.stringify(relative(root, one).replaceAll("\\", "/"))})`,
    );
    const told = contents
      .replaceAll(/\bimport\.meta\.url\b/g, () => `__urlOf(${file}).href`)
      .replaceAll(/\bimport\.meta\.dirname\b/g, () => String(folder));
    const names = /\b__(?:dirname|filename)\b/.test(contents) && !/\b(?:const|let|var)\s+__/.test(contents);
    const head = foreign && names ? `var __dirname = ${folder}, __filename = ${file};` : "";
    // The map is for our own sources: an empty one keeps others out of it, which would make it many times
    // larger.
    const tail = foreign ? `\n//# sourceMappingURL=${EMPTY_MAP}` : "";
    return { contents: head + told + tail, loader: path.endsWith(".ts") ? "ts" : "js" };
  });
}

const EMPTY_MAP = `data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString("base64")}`;
