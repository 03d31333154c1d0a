import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const PROJECT = "workforce-sso";

/**
 * The folder outside the checkout where this project keeps what is costly to get: under XDG_CACHE_HOME if
 * that is set, else where the system keeps caches (XDG Base Directory Specification; ~/Library/Caches on
 * macOS; %LOCALAPPDATA% on Windows).
 */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  const home = env["HOME"] ?? homedir();
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, PROJECT);
  if (platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), PROJECT, "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", PROJECT);
  return join(home, ".cache", PROJECT);
}

/**
 * The folder of the npm packages that Actions declare. An older version chose it by other rules, which
 * differ on systems other than Linux: where that folder exists, it is still used.
 */
export function packagesFolder(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  const folder = join(cacheFolder(env, platform), "action-packages");
  const former = join(formerCache(env, platform), PROJECT, "action-packages");
  return !existsSync(folder) && existsSync(former) ? former : folder;
}

function formerCache(env: NodeJS.ProcessEnv, platform: string): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  return xdg || (platform === "win32" && local ? local : join(env["HOME"] ?? homedir(), ".cache"));
}
