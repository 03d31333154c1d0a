import { copyFileSync, existsSync, linkSync, rmSync, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { writeWhole } from "../lib/write-whole.ts";
import { ChangeLog, readChangeLog } from "./change-log.ts";
import type { LogContents } from "./change-log.ts";
import { flushFolder } from "./disk.ts";
import type { Disk } from "./disk.ts";
import { readSnapshot, refusal, snapshotText, STATE_VERSION } from "./snapshot.ts";
import type { Snapshot, Whole } from "./snapshot.ts";

/** A log smaller than this is never worth a new snapshot; in bytes. */
const SMALL_LOG = 4 * 1024 * 1024;
/** How often a reader looks again while the tenant beside it writes a new snapshot. */
const ATTEMPTS = 10;

function sayToOperator(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Where the changes are since a state file was written. */
export function logFileOf(stateFile: string): string {
  return `${stateFile}.log`;
}

/** Where the state is kept that was taken over from an older format. */
export function asideOf(stateFile: string): string {
  return `${stateFile}.before-format-${STATE_VERSION}`;
}

/** What the files say: a whole tenant, and what has changed since. */
export interface StateContents {
  readonly snapshot: Snapshot;
  readonly records: readonly unknown[];
}

/**
 * A tenant on the disk: a snapshot, `tenant.json`, and beside it a log of the changes since,
 * `tenant.json.log`. A change adds a record to the log. When the log has outgrown the snapshot, a new
 * snapshot takes the place of both, so that what is written stays in proportion to what has changed.
 */
export class StateFile {
  readonly #file: string;
  readonly #disk: Disk;
  readonly #flush: boolean;
  readonly #say: (line: string) => void;
  /** The snapshot on the disk; absent before the first one. */
  #snapshot: { readonly version: number; readonly id: string } | undefined;
  #log: ChangeLog | undefined;
  /** What was read of the log, until the first change goes behind it. */
  #read: LogContents | undefined;
  /** Whether the disk has the names of the files too. */
  #folderFlushed = true;
  /** From which size of the log on a new snapshot is written. */
  #compactAt = SMALL_LOG;

  /** With `flush`, what was written is brought to the disk as well, so that it survives a power cut. */
  constructor(file: string, disk: Disk, flush: boolean, say = sayToOperator) {
    this.#say = say;
    this.#file = file;
    this.#disk = disk;
    this.#flush = flush;
  }

  get #logFile(): string {
    return logFileOf(this.#file);
  }

  /**
   * Reads the tenant, where there is one. Nothing is written, so that a running tenant may be read too.
   * @throws {UserError} when the files are not what this version can read.
   */
  read(tableNames: readonly string[]): StateContents | undefined {
    if (!existsSync(this.#file)) return undefined;
    for (let attempt = 1; ; attempt += 1) {
      const before = this.#identity();
      const snapshot = readSnapshot(this.#file, tableNames);
      const log = snapshot.id === undefined ? undefined : readChangeLog(this.#logFile, snapshot.id);
      // A log that does not continue the snapshot is an old one, unless a new snapshot has come meanwhile.
      if (log === undefined && before !== this.#identity() && attempt < ATTEMPTS) continue;
      if (log?.damagedAt !== undefined) throw this.#damage(log.damagedAt);
      this.#snapshot = { version: snapshot.version, id: snapshot.id ?? "" };
      this.#read = log;
      this.#setLimit();
      return { snapshot, records: log?.records ?? [] };
    }
  }

  /**
   * Adds a record of changes. When it returns, a kill of the process does not take them any more.
   * @param whole the tenant with these changes, for a new snapshot.
   * @throws when nothing could be written; the files are then as they were.
   */
  append(record: unknown, whole: () => Whole): void {
    if (this.#snapshot?.version !== STATE_VERSION) return this.#writeSnapshot(whole());
    if (this.#flush) this.#flushFolder();
    this.#log ??= this.#openLog(this.#snapshot.id);
    this.#log.append(record);
    if (this.#log.size > this.#compactAt) this.#compact(whole);
  }

  /**
   * Puts another tenant into the place of the one on the disk.
   * @throws when that could not be written; the files are then as they were.
   */
  replace(whole: Whole): void {
    this.#writeSnapshot(whole);
  }

  /** Brings what was added to the disk, where that is asked for. */
  flush(): void {
    if (!this.#flush) return;
    this.#flushFolder();
    this.#log?.flush();
  }

  /** The same, while the process goes on with other work. */
  async flushBeside(): Promise<void> {
    if (!this.#flush) return;
    this.#flushFolder();
    await this.#log?.flushBeside();
  }

  /** Leaves one whole file and no log behind, where there is room for it. */
  close(whole: () => Whole): void {
    if (this.#log !== undefined) this.#compact(whole);
    this.#log?.close();
    this.#log = undefined;
  }

  /** The record is stored already, so that a snapshot that fails is tried again after as much has changed. */
  #compact(whole: () => Whole): void {
    try {
      this.#writeSnapshot(whole());
    } catch {
      this.#compactAt = 2 * (this.#log?.size ?? 0);
    }
  }

  #writeSnapshot(whole: Whole): void {
    if (this.#snapshot !== undefined && this.#snapshot.version !== STATE_VERSION) this.#keepAside();
    const id = randomBytes(16).toString("hex");
    const text = snapshotText({ version: STATE_VERSION, id, ...whole });
    // Always to the disk: a power cut may take the last changes, never the tenant.
    writeWhole(this.#file, text, 0o600, (descriptor) => this.#disk.flush(descriptor));
    this.#snapshot = { version: STATE_VERSION, id };
    this.#log?.close();
    this.#log = undefined;
    this.#read = undefined;
    this.#setLimit();
    this.#folderFlushed = false;
    try {
      rmSync(this.#logFile, { force: true });
      this.#flushFolder();
    } catch {
      // The new snapshot is in its place, and a log of another one is never read. With `flush`, nothing
      // counts until the disk has the snapshot's name: else a power cut would bring the former one back.
    }
  }

  #flushFolder(): void {
    if (this.#folderFlushed) return;
    flushFolder(this.#disk, dirname(this.#file));
    this.#folderFlushed = true;
  }

  #openLog(snapshot: string): ChangeLog {
    if (this.#read === undefined) return ChangeLog.begin(this.#logFile, snapshot, this.#disk, this.#flush);
    const torn = statSync(this.#logFile).size - this.#read.end;
    if (torn > 0) {
      this.#say(
        `${this.#logFile} ended in the middle of a change that was never answered; its ${torn} bytes were dropped.`,
      );
    }
    return ChangeLog.resume(this.#logFile, this.#read, this.#disk);
  }

  /** Keeps the files of an older format under other names, by which a checkout from before can read them. */
  #keepAside(): void {
    const aside = asideOf(this.#file);
    for (const log of [false, true]) {
      const [from, to] = log ? [this.#logFile, logFileOf(aside)] : [this.#file, aside];
      rmSync(to, { force: true });
      if (log && this.#read === undefined) continue;
      try {
        // A second name for a file takes no room.
        linkSync(from, to);
      } catch {
        copyFileSync(from, to);
      }
    }
  }

  #setLimit(): void {
    this.#compactAt = Math.max(SMALL_LOG, statSync(this.#file).size);
  }

  #identity(): string {
    const { ino, mtimeMs, size } = statSync(this.#file);
    return `${ino} ${mtimeMs} ${size}`;
  }

  #damage(at: number): Error {
    return refusal(
      this.#logFile,
      `is damaged at byte ${at}: "truncate -s ${at} ${this.#logFile}" keeps the changes before it`,
    );
  }
}
