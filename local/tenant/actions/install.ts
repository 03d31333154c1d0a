import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const INSTALL_MS = 180_000;
const POLL_MS = 100;

/** A package as an Action declares it. */
export interface Declared {
  readonly name: string;
  readonly version: string;
}

/** Thrown when npm could not install, with the last thing that it said. */
export class InstallError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InstallError";
  }
}

/** The folder for installed packages where none is told: the user's cache, outside of any checkout. */
export function defaultCacheFolder(): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  const base = xdg || (process.platform === "win32" && local ? local : join(homedir(), ".cache"));
  return join(base, "workforce-sso", "action-packages");
}

/** Installations under way in this process, by folder. */
const installing = new Map<string, Promise<void>>();

/**
 * Installs a set of packages with npm, without running their scripts, unless they are there already; answers their folder. The
 * folder's name is made from the set, and it appears by a rename, so it is whole or not there at all.
 * @throws {InstallError}
 */
export async function installPackages(cacheFolder: string, packages: readonly Declared[]): Promise<string> {
  const set = packages.map(({ name, version }) => `${name}@${version}`).sort();
  const folder = join(cacheFolder, createHash("sha256").update(set.join("\n")).digest("hex").slice(0, 32));
  if (existsSync(folder)) return folder;
  const running =
    installing.get(folder) ??
    install(folder, set).finally(() => {
      installing.delete(folder);
    });
  installing.set(folder, running);
  await running;
  return folder;
}

async function install(folder: string, set: readonly string[]): Promise<void> {
  const unlock = await lock(folder);
  const work = `${folder}.${randomUUID()}`;
  try {
    if (existsSync(folder)) return;
    mkdirSync(work, { recursive: true });
    writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, description: set.join(" ") }));
    await runNpm(work, set);
    if (!existsSync(folder)) renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
    unlock();
  }
}

/** Other processes wait for the one that installs; a lock whose owner has died is as old as no installation gets. */
async function lock(folder: string): Promise<() => void> {
  const file = `${folder}.lock`;
  mkdirSync(join(folder, ".."), { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isStale(file)) rmSync(file, { force: true });
    else await sleep(POLL_MS);
  }
}

function isStale(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > INSTALL_MS + 10_000;
  } catch {
    // Released meanwhile.
    return false;
  }
}

function runNpm(cwd: string, set: readonly string[]): Promise<void> {
  const args = [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--omit=dev",
    "--loglevel=error",
    "--",
    ...set,
  ];
  const script = process.env["npm_execpath"];
  const viaNode = script !== undefined && /npm-cli\.c?js$/.test(script);
  const windows = process.platform === "win32";
  const [command, shell] = viaNode ? [process.execPath, false] : [windows ? "npm.cmd" : "npm", windows];
  // npm's own variables name the project that is being run, whose settings must not apply to another folder.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/i.test(name)),
  );
  return new Promise((resolve, reject) => {
    execFile(
      command,
      viaNode ? [script, ...args] : args,
      { cwd, env: { ...env, INIT_CWD: cwd }, shell, timeout: INSTALL_MS, windowsHide: true },
      (error, _stdout, stderr) =>
        error === null ? resolve() : reject(new InstallError(reasonOf(error, stderr))),
    );
  });
}

/** The lines of npm that say what is wrong, without the path of its log. */
function reasonOf(error: Error, stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !/complete log of this run|^npm warn/i.test(line));
  return lines.slice(0, 3).join(" ").slice(0, 300) || error.message.slice(0, 300);
}
