import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hideSecrets } from "../lib/hide-secrets.ts";
import { proxyFor, proxyVariables } from "../lib/proxy.ts";

const INSTALL_MS = 180_000;
const POLL_MS = 100;
/** Stands for npm's own registry where npm has not said which one it uses: a name that no NO_PROXY is about. */
const SOME_REGISTRY = "https://registry/";

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
 * folder's name is made from the set, and it appears by a rename, so it is whole or not there at all. npm reads the `.npmrc` of the
 * project, as it does for the project's own packages: a private registry, its tokens and authorities are named there.
 * @throws {InstallError}
 */
export async function installPackages(
  cacheFolder: string,
  packages: readonly Declared[],
  projectFolder: string,
): Promise<string> {
  const set = packages.map(({ name, version }) => `${name}@${version}`).sort();
  const folder = join(cacheFolder, createHash("sha256").update(set.join("\n")).digest("hex").slice(0, 32));
  if (existsSync(folder)) return folder;
  const running =
    installing.get(folder) ??
    install(folder, set, projectFolder).finally(() => {
      installing.delete(folder);
    });
  installing.set(folder, running);
  await running;
  return folder;
}

async function install(folder: string, set: readonly string[], projectFolder: string): Promise<void> {
  const unlock = await lock(folder);
  const work = `${folder}.${randomUUID()}`;
  try {
    if (existsSync(folder)) return;
    mkdirSync(work, { recursive: true });
    writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, description: set.join(" ") }));
    const removeSettings = lendSettings(projectFolder, work);
    await runNpm(resolve(work), set, projectFolder).finally(removeSettings);
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

/**
 * Lets npm find the project's `.npmrc` in another folder, by a link, so that no token is written anywhere else. Windows lets few users
 * make links: there it is a copy. Answers what takes it away again.
 */
function lendSettings(projectFolder: string, folder: string): () => void {
  const [from, to] = [resolve(projectFolder, ".npmrc"), join(folder, ".npmrc")];
  if (!existsSync(from)) return () => undefined;
  if (process.platform === "win32") copyFileSync(from, to);
  else symlinkSync(from, to);
  return () => rmSync(to, { force: true });
}

/** Runs npm for a folder from within the project, from where the paths in its `.npmrc` count. */
function runNpm(folder: string, set: readonly string[], projectFolder: string): Promise<void> {
  const args = [
    "install",
    `--prefix=${folder}`,
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
  const options = {
    cwd: projectFolder,
    env: { ...env, ...proxyVariables(env), INIT_CWD: folder },
    shell,
    timeout: INSTALL_MS,
    windowsHide: true,
  };
  return new Promise((done, reject) => {
    execFile(command, viaNode ? [script, ...args] : args, options, (error, _stdout, stderr) =>
      error === null ? done() : reject(new InstallError(reasonOf(error, stderr))),
    );
  });
}

/** The lines of npm that say what is wrong, without the path of its log and without secrets, and with the proxy if that is it. */
function reasonOf(error: Error & { killed?: boolean }, stderr: string): string {
  if (error.killed === true) return `npm did not end within ${INSTALL_MS / 1000} s${throughProxy()}`;
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !/complete log of this run|^npm warn/i.test(line));
  const told = hideSecrets(lines.slice(0, 3).join(" ") || error.message, process.env).slice(0, 300);
  // npm hands on what a proxy answers as if the registry had said it.
  return /network|tunnel|ECONN|ENOTFOUND|ETIMEDOUT|proxy|E40[37]/i.test(told) ? told + throughProxy() : told;
}

function throughProxy(): string {
  try {
    const registry = new URL(process.env["npm_config_registry"] || SOME_REGISTRY);
    const proxy = registry.protocol === "https:" ? proxyFor(registry, process.env) : undefined;
    return proxy === undefined ? "" : `, through ${proxy.label}`;
  } catch (error) {
    return error instanceof Error ? `, ${error.message}` : "";
  }
}
