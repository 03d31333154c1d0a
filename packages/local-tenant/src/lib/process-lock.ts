import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Who holds a lock: a process id, and where the system tells it, when that process began. */
interface Holder {
  readonly pid: number;
  /** Tells this process from a later one with the same id; empty where the system does not say. */
  readonly born: string;
}

/** A lock that is held until `release`, which may be called more than once. */
export interface ProcessLock {
  release(): void;
}

export interface LockOptions {
  /**
   * Milliseconds after which a lock counts as left behind, even if a process has its holder's id; never by
   * default.
   */
  readonly longest?: number;
}

export interface WaitOptions extends LockOptions {
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal;
  /** Called once, with the id of the holder, when there is something to wait for. */
  readonly onWait?: (heldBy: number) => void;
}

/** Milliseconds between two looks at a lock that another process holds. */
const POLL = 100;

/** Takes a lock file for this process, as soon as no living process holds it. */
export async function waitForLock(file: string, options: WaitOptions = {}): Promise<ProcessLock> {
  const { signal, onWait } = options;
  for (let told = false; ; told = true) {
    const lock = takeLock(file, options);
    if ("release" in lock) return lock;
    if (!told) onWait?.(lock.heldBy);
    await sleep(POLL, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  }
}

/**
 * Takes a lock file for this process. A file that a dead process left behind is taken over.
 * @returns the lock, or the id of the living process that holds it.
 */
export function takeLock(
  file: string,
  { longest = Infinity }: LockOptions = {},
): ProcessLock | { readonly heldBy: number } {
  mkdirSync(dirname(file), { recursive: true });
  const self: Holder = { pid: process.pid, born: birthOf(process.pid) };
  const text = JSON.stringify(self);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (createWhole(file, text)) return held(file, text);
    const found = read(file);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder !== undefined && isAlive(holder, self) && ageOf(file) <= longest)
      return { heldBy: holder.pid };
    removeStale(file, found);
  }
  throw new Error(
    `The lock ${file} could not be taken. Delete the file if no other process uses its folder.`,
  );
}

/** The id of the living process that holds a lock file, if one does. Takes nothing. */
export function lockHolder(file: string): number | undefined {
  const found = read(file);
  const holder = found === undefined ? undefined : parse(found);
  if (holder === undefined) return undefined;
  return isAlive(holder, { pid: process.pid, born: birthOf(process.pid) }) ? holder.pid : undefined;
}

/** Creates the file with its content in one step, so that nobody ever reads half of it. */
function createWhole(file: string, text: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // Some file systems have no hard links; there an exclusive create has to do.
    return createExclusively(file, text);
  } finally {
    rmSync(own, { force: true });
  }
}

function createExclusively(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Two processes may find the same stale file, so the file is looked at again after it is moved aside, and
 * put back if it belongs to a new holder.
 */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  try {
    if (read(aside) !== stale) linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function held(file: string, text: string): ProcessLock {
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    process.removeListener("exit", release);
    if (read(file) === text) unlinkSync(file);
  };
  process.on("exit", release);
  return { release };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.pid !== "number" || typeof value.born !== "string") return undefined;
    return { pid: value.pid, born: value.born };
  } catch {
    return undefined;
  }
}

/** Milliseconds since the lock was taken; 0 for a file that has gone meanwhile. */
function ageOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}

/** Whether there is a process of that id, including another user's. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function isAlive(holder: Holder, self: Holder): boolean {
  // In a container each start may get the id that the last one had.
  if (holder.pid === self.pid) return holder.born === self.born;
  if (!processExists(holder.pid)) return false;
  const born = birthOf(holder.pid);
  return born === "" || holder.born === "" || born === holder.born;
}

/** Linux only: the boot, and the process's start in clock ticks since it (proc(5), field 22 of stat). */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${ticks}`;
  } catch {
    return "";
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
