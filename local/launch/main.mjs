/**
 * `node local/launch/main.mjs FILE.ts ARGS...`: runs a program of this project. It is bundled, with all that
 * it imports, into one file of JavaScript, which is kept until one of these files changes: that starts in a
 * third of the time that hundreds of TypeScript files take. Where it cannot be bundled or kept, the
 * TypeScript runs as it is, which also reports an error in a source.
 */
import module from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { keptBundle } from "./kept-bundle.mjs";
import { tellSourceLines } from "./source-lines.mjs";

const root = join(import.meta.dirname, "../..");
const [node = "", , file = "", ...args] = process.argv;
const entry = resolve(root, file);
process.argv = [node, entry, ...args];

const cache = join(root, "node_modules", ".cache", "workforce-sso");
const bundle = keptBundle(cache, root, entry) ?? (await newBundle());
if (bundle === undefined) {
  const { register } = await import("tsx/esm/api");
  register();
} else {
  tellSourceLines(bundle, root);
  // Node.js 22.1 and later can keep what V8 has compiled, too.
  const { enableCompileCache } = /** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (
    /** @type {unknown} */ (module)
  );
  enableCompileCache?.(`${bundle}.compiled`);
}
const program = pathToFileURL(bundle ?? entry);
// Checkouts may share a bundle, so it is told in which one it runs.
if (bundle !== undefined) program.searchParams.set("root", root);
await import(program.href);

async function newBundle() {
  try {
    const { sharedBundle } = await import("./shared-bundle.mjs");
    const shared = sharedBundle(cache, root, entry);
    if (shared !== undefined) return shared;
    const { makeBundle } = await import("./make-bundle.mjs");
    return await makeBundle(cache, root, entry);
  } catch {
    return undefined;
  }
}
