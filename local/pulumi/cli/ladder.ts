import { ownership } from "../../../packages/local-tenant/src/lib/ownership.ts";
import { waitForLock } from "../../../packages/local-tenant/src/lib/process-lock.ts";
import type { ProcessLock } from "../../../packages/local-tenant/src/lib/process-lock.ts";
import { UserError } from "../../../packages/local-tenant/src/lib/errors.ts";
import { buildWithGo } from "./build.ts";
import { cacheFolder } from "../../../packages/local-tenant/src/lib/cache-folder.ts";
import { cacheLockFile, cliFile, cliFolder, fillCache } from "./cache.ts";
import { installRelease } from "./install-release.ts";
import type { Cli, Miss } from "./probe.ts";
import { probe } from "./probe.ts";
import type { LadderOptions, Supplier } from "./supplier.ts";
import { findOnPath, isExecutable } from "./search-path.ts";
import { CLI_VERSION } from "./version.ts";

interface Rung {
  readonly from: "installed" | "built";
  readonly supply: Supplier;
}

const SUPPLIERS: readonly Rung[] = [
  { from: "installed", supply: installRelease },
  { from: "built", supply: buildWithGo },
];

/** No way led to a CLI. The message names each way and why it failed. */
export class NoCliError extends UserError {
  constructor(reasons: readonly string[]) {
    super(`No Pulumi CLI could be found or installed: ${reasons.join("; ")}.`);
    this.name = "NoCliError";
  }
}

/**
 * The CLI on PATH or in the cache; `undefined` if there is none. This is quick and downloads nothing.
 */
export async function cliAtHand(options: LadderOptions): Promise<Cli | undefined> {
  const found = await climbQuick(options);
  return "command" in found ? found : undefined;
}

/**
 * Gets a CLI: from PATH, the cache folder, Pulumi's installer, or a build by Go. The last two put it into the
 * cache, so they happen once.
 * @throws {NoCliError} when no way leads to one.
 */
export async function getCli(options: LadderOptions, suppliers = SUPPLIERS): Promise<Cli> {
  const found = await climbQuick(options);
  if ("command" in found) return found;
  const reasons = [...found.reasons];
  options.reporter.say(`No Pulumi CLI was found: ${reasons.join(", and ")}.`);
  const supplied = await withCacheLock(options, reasons, async () => {
    // Another process may have filled the cache while this one waited.
    const cached = await fromCache(options);
    return "command" in cached ? cached : climbCostly(options, suppliers, reasons);
  });
  if (supplied === undefined) throw new NoCliError(reasons);
  return supplied;
}

async function climbQuick(options: LadderOptions): Promise<Cli | { reasons: string[] }> {
  const onPath = await fromPath(options);
  if ("command" in onPath) return onPath;
  // If PATH has a CLI that is not used, say why. If PATH has none and the cache has one, there is nothing to
  // say.
  if (findOnPath("pulumi", options.env) !== undefined) options.reporter.say(`${onPath.reason}.`);
  const cached = await fromCache(options);
  if ("command" in cached) return cached;
  return { reasons: [onPath.reason, cached.reason] };
}

async function fromPath({ env, signal }: LadderOptions): Promise<Cli | Miss> {
  const command = findOnPath("pulumi", env);
  if (command === undefined) return { reason: "there is no pulumi on PATH" };
  return probe(command, "PATH", env, signal);
}

async function fromCache({ env, signal }: LadderOptions): Promise<Cli | Miss> {
  const command = cliFile(cliFolder(env));
  if (!isExecutable(command)) return { reason: `there is no CLI in the cache folder ${cacheFolder(env)}` };
  return probe(command, "cache", env, signal);
}

async function climbCostly(
  options: LadderOptions,
  suppliers: readonly Rung[],
  reasons: string[],
): Promise<Cli | undefined> {
  for (const { from, supply } of suppliers) {
    try {
      const cli = await fillCache(options.env, (folder) => supplied(folder, from, supply, options, reasons));
      if (cli !== undefined) return { ...cli, command: cliFile(cliFolder(options.env)) };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!isSystemError(error)) throw error;
      miss(
        options,
        reasons,
        `the cache folder cannot be used (${because(error, options.env)}); set XDG_CACHE_HOME to another one`,
      );
      return undefined;
    }
  }
  return undefined;
}

async function supplied(
  folder: string,
  from: Cli["from"],
  supply: Supplier,
  options: LadderOptions,
  reasons: string[],
): Promise<Cli | undefined> {
  const failed = await supply(folder, options);
  const result = failed ?? (await probe(cliFile(folder), from, options.env, options.signal));
  if ("command" in result) return result;
  miss(options, reasons, result.reason);
  return undefined;
}

/** Waits until no other process is filling the cache. */
async function withCacheLock<T>(
  options: LadderOptions,
  reasons: string[],
  body: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const file = cacheLockFile(options.env);
  const onWait = (heldBy: number) =>
    options.reporter.say(
      `Process ${heldBy} is getting the Pulumi CLI ${CLI_VERSION} already; waiting for it.`,
    );
  let lock: ProcessLock;
  try {
    lock = await waitForLock(file, { onWait, ...(options.signal && { signal: options.signal }) });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    miss(
      options,
      reasons,
      `the cache folder cannot be written to (${because(error, options.env)}); set XDG_CACHE_HOME to another one`,
    );
    return undefined;
  }
  try {
    return await body();
  } finally {
    lock.release();
  }
}

function miss(options: LadderOptions, reasons: string[], reason: string): void {
  reasons.push(reason);
  options.reporter.say(`${capitalised(reason)}.`);
}

function capitalised(text: string): string {
  return text.startsWith("/") ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The system's reason, or the folder's owner if that is the reason. */
function because(error: NodeJS.ErrnoException, env: NodeJS.ProcessEnv): string {
  const whose = error.code === "EACCES" || error.code === "EPERM" ? ownership(cacheFolder(env)) : "";
  return whose === "" ? error.message : whose;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
