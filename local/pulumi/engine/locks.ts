import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processExists } from "../../../packages/local-tenant/src/lib/process-lock.ts";
import type { WorkspacePaths } from "./paths.ts";

/** Milliseconds that the CLI of a killed start has to notice that its program is gone, and to end. */
const PATIENCE = 15_000;
const POLL = 50;

/**
 * Waits until no process of this machine has a lock of the engine, for some seconds at most, and removes the
 * locks whose process is dead. For whoever has the folder alone: then only an update whose start was killed
 * can have one.
 * @param signal Ends the waiting.
 * @returns how many were removed.
 */
export async function clearLocks(paths: WorkspacePaths, signal: AbortSignal): Promise<number> {
  const end = performance.now() + PATIENCE;
  let removed = removeStaleLocks(paths);
  while (lockFiles(paths).some((name) => stateOf(join(paths.locks, name)) === "held")) {
    if (signal.aborted || performance.now() > end) break;
    await delay(POLL);
    removed += removeStaleLocks(paths);
  }
  return removed;
}

/**
 * Removes the engine's locks whose process is dead, as `pulumi cancel` would. A killed update leaves its lock
 * behind, and the engine would refuse every later update.
 * @returns how many were removed.
 */
export function removeStaleLocks(paths: WorkspacePaths): number {
  let removed = 0;
  for (const name of lockFiles(paths)) {
    const file = join(paths.locks, name);
    if (stateOf(file) !== "stale") continue;
    rmSync(file, { force: true });
    removed += 1;
  }
  return removed;
}

function lockFiles(paths: WorkspacePaths): string[] {
  try {
    return readdirSync(paths.locks).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

/**
 * Whether the process of a lock lives. The engine writes `{ pid, username, hostname, timestamp }`; nothing is
 * known of a lock of another machine or of another shape.
 */
function stateOf(file: string): "held" | "stale" | "unknown" {
  try {
    const lock = JSON.parse(readFileSync(file, "utf8")) as { pid?: unknown; hostname?: unknown } | null;
    if (lock?.hostname !== hostname() || typeof lock.pid !== "number") return "unknown";
    return processExists(lock.pid) ? "held" : "stale";
  } catch {
    return "unknown";
  }
}
