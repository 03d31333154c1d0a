/**
 * Builds what `npm pack` takes along: the sources as JavaScript in `dist/`, with the files that are read at
 * run time beside it.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const dist = join(here, "dist");
rmSync(dist, { recursive: true, force: true });

await build({
  absWorkingDir: here,
  entryPoints: { index: "src/index.ts", "local-tenant": "src/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  logLevel: "warning",
});
chmodSync(join(dist, "local-tenant.js"), 0o755);
// Their sources find them beside themselves, and in `dist` that is where the chunks are. What runs in the
// process of an Action is one file, which starts faster than many.
await build({
  absWorkingDir: here,
  entryPoints: ["src/actions/child/main.cjs"],
  outfile: "dist/child/main.cjs",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20.19",
  logLevel: "warning",
});
cpSync(join(here, "src/console/style.css"), join(dist, "style.css"));
cpSync(join(here, "src/directory/sample.json"), join(dist, "sample.json"));

const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
execFileSync(process.execPath, [tsc, "--project", join(here, "tsconfig.build.json")], { stdio: "inherit" });
keepReachable(join(dist, "types/index.d.ts"));
writeFileSync(join(dist, "index.d.ts"), 'export * from "./types/index.js";\n');

/**
 * Deletes the declarations that nobody can see from outside.
 * @param {string} entry
 */
function keepReachable(entry) {
  const reachable = new Set();
  const visit = (/** @type {string} */ file) => {
    if (reachable.has(file)) return;
    reachable.add(file);
    // The compiler leaves the sources' extension, which only its own project may use.
    const text = readFileSync(file, "utf8").replaceAll(/(from "\..*)\.ts"/g, '$1.js"');
    writeFileSync(file, text);
    for (const [, path] of text.matchAll(/from "(\..*)\.js"/g)) visit(join(file, "..", `${path}.d.ts`));
  };
  visit(entry);
  const types = join(entry, "..");
  for (const name of readdirSync(types, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".d.ts") && !reachable.has(join(types, name))) rmSync(join(types, name));
  }
}
