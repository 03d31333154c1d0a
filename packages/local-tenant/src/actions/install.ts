import { createHash, randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { hideSecrets } from "../lib/hide-secrets.ts";
import { proxyFor, proxyVariables } from "../lib/proxy.ts";
import { waitForLock } from "../lib/process-lock.ts";
import { runChild } from "../lib/run-child.ts";

const INSTALL_MS = 180_000;
/** Stands for npm's own registry where npm has not said which one it uses. No NO_PROXY lists this name. */
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

/** Installations under way in this process, by folder. */
const installing = new Map<string, Promise<void>>();

/**
 * Installs a set of packages with npm, without running their scripts, unless they are there already; answers
 * their folder. The folder's name is made from the set. It appears by a rename, so it is either complete or
 * missing. npm reads the `.npmrc` of the project, as it does for the project's own packages: a private
 * registry, its tokens and authorities are named there.
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
  // Where the system does not tell a process from a later one with the same id, a lock that is older than
  // any installation takes was left behind by a dead one.
  const lock = await waitForLock(`${folder}.lock`, { longest: INSTALL_MS + 10_000 });
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
    lock.release();
  }
}

/**
 * Lets npm find the project's `.npmrc` in another folder, by a link, so that no token is written anywhere
 * else. Windows lets few users make links, so there it is a copy. Returns a function that removes it again.
 */
function lendSettings(projectFolder: string, folder: string): () => void {
  const [from, to] = [resolve(projectFolder, ".npmrc"), join(folder, ".npmrc")];
  if (!existsSync(from)) return () => undefined;
  if (process.platform === "win32") copyFileSync(from, to);
  else symlinkSync(from, to);
  return () => rmSync(to, { force: true });
}

/** Runs npm for a folder from within the project, from where the paths in its `.npmrc` count. */
async function runNpm(folder: string, set: readonly string[], projectFolder: string): Promise<void> {
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
    deadline: INSTALL_MS,
  };
  const { end, stderr } = await runChild(command, viaNode ? [script, ...args] : args, options);
  if (typeof end === "string") throw new InstallError(`npm ${end}${throughProxy()}`);
  if (end !== 0) throw new InstallError(reasonOf(end, stderr));
}

/**
 * The lines of npm that say what is wrong, without the path of its log and without secrets, and with the
 * proxy if that is it.
 */
function reasonOf(code: number, stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !/complete log of this run|^npm warn/i.test(line));
  const told = hideSecrets(
    lines.slice(0, 3).join(" ") || `npm ended with exit code ${code}`,
    process.env,
  ).slice(0, 300);
  // npm reports a proxy's answer as if the registry had given it.
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
