import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../../packages/local-tenant/src/lib/cache-folder.ts";
import { executableName } from "./search-path.ts";
import { CLI_VERSION } from "./version.ts";

/** Where the cache keeps its CLI, as `PulumiCommand.install()` lays it out: `bin/pulumi` in this folder. */
export function cliFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `pulumi-v${CLI_VERSION}`);
}

/** The executable in a folder of that layout. */
export function cliFile(folder: string): string {
  return join(folder, "bin", executableName("pulumi"));
}

/** The file that a process holds while it puts a CLI into the cache. */
export function cacheLockFile(env: NodeJS.ProcessEnv): string {
  return `${cliFolder(env)}.lock`;
}

/**
 * Lets `fill` put a CLI into a folder beside the cache's, and moves it to its place if `fill` says that it is
 * good. So the cache always has a whole CLI or none. The caller must hold the cache's lock.
 */
export async function fillCache<T extends object>(
  env: NodeJS.ProcessEnv,
  fill: (folder: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  const folder = cliFolder(env);
  mkdirSync(cacheFolder(env), { recursive: true });
  removeLeftovers(env);
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    mkdirSync(join(partial, "bin"));
    const filled = await fill(partial);
    if (filled === undefined) return undefined;
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return filled;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes what an earlier process was writing when it was killed. */
function removeLeftovers(env: NodeJS.ProcessEnv): void {
  const folder = cacheFolder(env);
  for (const name of readdirSync(folder)) {
    if (name.includes(".partial-")) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
