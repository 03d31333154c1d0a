import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { processExists } from "../../../packages/local-tenant/src/lib/process-lock.ts";
import type { WorkspacePaths } from "./paths.ts";

/**
 * Removes the engine's locks whose process is dead, as `pulumi cancel` would. A killed update leaves its lock
 * behind, and the engine would refuse every later update.
 * @returns how many were removed.
 */
export function removeStaleLocks(paths: WorkspacePaths): number {
  let removed = 0;
  for (const name of lockFiles(paths)) {
    const file = join(paths.locks, name);
    if (!isStale(file)) continue;
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
 * The engine writes `{ pid, username, hostname, timestamp }`. A lock of another machine or of another shape
 * stays.
 */
function isStale(file: string): boolean {
  try {
    const lock = JSON.parse(readFileSync(file, "utf8")) as { pid?: unknown; hostname?: unknown } | null;
    if (lock?.hostname !== hostname() || typeof lock.pid !== "number") return false;
    return !processExists(lock.pid);
  } catch {
    return false;
  }
}
