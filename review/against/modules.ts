import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../packages/local-tenant/src/lib/cache-folder.ts";
import { UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { runChild } from "../../packages/local-tenant/src/lib/run-child.ts";

const LOCK = "package-lock.json";
/** Milliseconds after which packages that nobody asked for are removed from the cache. */
const KEPT = 30 * 24 * 3_600_000;
const WINDOWS = process.platform === "win32";

export interface ModulesOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Hears that packages are being installed, which takes a while. */
  readonly say: (text: string) => void;
}

/**
 * Gives a commit's project its packages: those that are installed in the working tree where the lock files
 * are equal, else those of its own lock file, which are installed once, without scripts, into the user's
 * cache folder.
 * @throws {UserError} where npm cannot install them.
 */
export async function linkModules(root: string, tree: string, options: ModulesOptions): Promise<void> {
  // Some keep their packages in git.
  if (existsSync(join(tree, "node_modules"))) return;
  const theirs = lockOf(tree);
  const ours = theirs === undefined || theirs === lockOf(root);
  const modules = ours ? join(root, "node_modules") : await installed(tree, options);
  // Node follows the link, so the packages are found where they are, and are the same ones for whoever
  // imports them from there.
  symlinkSync(modules, join(tree, "node_modules"), WINDOWS ? "junction" : "dir");
}

function lockOf(folder: string): string | undefined {
  const file = join(folder, LOCK);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The folder of modules in the cache, by the hash of the lock file and the kind of machine. */
async function installed(tree: string, { env, signal, say }: ModulesOptions): Promise<string> {
  const kind = `${process.platform} ${process.arch} ${process.versions.modules}`;
  const hash = createHash("sha256")
    .update(`${kind}\n${lockOf(tree)}`)
    .digest("hex")
    .slice(0, 20);
  const cache = join(cacheFolder(env), "claims-modules");
  const folder = join(cache, hash);
  if (!existsSync(folder)) {
    say("Installing the packages of the other lock file");
    mkdirSync(cache, { recursive: true });
    const partial = mkdtempSync(join(cache, ".partial-"));
    try {
      copyManifests(tree, partial);
      await install(partial, env, signal);
      removeOld(cache);
      // Somebody else may have been faster.
      if (!existsSync(folder)) renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return join(folder, "node_modules");
}

/**
 * What npm reads to install: the lock file, and package.json here and in each folder that the lock file links
 * to.
 */
function copyManifests(tree: string, target: string): void {
  const lock = JSON.parse(lockOf(tree) ?? "{}") as { packages?: Record<string, unknown> };
  const folders = Object.keys(lock.packages ?? {}).filter((path) => !/(^|\/)node_modules\//.test(path));
  const files = [LOCK, ".npmrc", ...folders.map((folder) => join(folder, "package.json"))];
  for (const file of files.filter((name) => existsSync(join(tree, name)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(tree, file), join(target, file));
  }
}

async function install(folder: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { end, stderr } = await runChild("npm", args, {
    cwd: folder,
    // What npm tells its own scripts is about the working tree.
    env: Object.fromEntries(
      Object.entries(env).filter(([name]) => !/^npm_(package|lifecycle|command)/.test(name)),
    ),
    shell: WINDOWS,
    ...(signal !== undefined && { signal }),
  });
  if (end === 0) return;
  const line =
    stderr.split("\n").find((text) => /^npm error (?!code|errno|syscall|A complete log)/.test(text)) ?? "";
  throw new UserError(
    `npm ci cannot install the packages of its lock file: ${line.replace(/^npm error /, "") || `it ended with ${end}`}.`,
  );
}

/** What was not asked for for long, and what was under way when a process was killed. */
function removeOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const age = Date.now() - statSync(path).mtimeMs;
    const limit = name.startsWith(".partial-") ? KEPT / 30 : KEPT;
    if (age > limit) rmSync(path, { recursive: true, force: true });
  }
}
