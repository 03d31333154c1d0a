import { closeSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { flushFolder } from "./disk.ts";
import type { Disk } from "./disk.ts";

/** What is left to be read of a log. */
export interface LogContents {
  /** The records, oldest first, without the header. */
  readonly records: readonly unknown[];
  /** Where the last whole record ends, in bytes. */
  readonly end: number;
  /** Checksum of the last whole record, which the next one continues. */
  readonly checksum: number;
  /** Where a record is that was once whole and is not any more, in bytes. */
  readonly damagedAt: number | undefined;
}

const NEWLINE = 0x0a;
/** A checksum and the space behind it. */
const PREFIX = 9;

/**
 * A file that only grows. Each record is a line: a checksum in eight digits, a space and JSON. The checksum
 * covers the line and the checksum of the line before, so that a line that is missing is noticed too. The
 * first line is a header, which names the snapshot that the records continue.
 */
export class ChangeLog {
  readonly #descriptor: number;
  readonly #disk: Disk;
  #size: number;
  #checksum: number;
  /** Whether there may be bytes behind the last whole record. */
  #torn: boolean;
  /** Why nothing can be added any more. */
  #broken: Error | undefined;
  #flushing: Promise<void> | undefined;
  #flushed = 0;

  private constructor(descriptor: number, disk: Disk, size: number, checksum: number) {
    this.#descriptor = descriptor;
    this.#disk = disk;
    this.#size = size;
    this.#checksum = checksum;
    this.#torn = true;
  }

  /** Begins a log that continues the snapshot of this id; one that was there is replaced. */
  static begin(file: string, snapshot: string, disk: Disk, flush: boolean): ChangeLog {
    const log = new ChangeLog(openSync(file, "w", 0o600), disk, 0, 0);
    try {
      log.append({ snapshot });
      if (flush) flushFolder(disk, dirname(file));
      return log;
    } catch (error) {
      log.close();
      throw error;
    }
  }

  /** Goes on behind what was read of a log. */
  static resume(file: string, { end, checksum }: LogContents, disk: Disk): ChangeLog {
    return new ChangeLog(openSync(file, "r+"), disk, end, checksum);
  }

  /** Bytes of the header and all records. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a record. It survives the end of this process from then on.
   * @throws when it cannot be written; the log then is as it was.
   */
  append(record: unknown): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#torn) this.#disk.truncate(this.#descriptor, this.#size);
    const text = JSON.stringify(record);
    const checksum = crc32(text, this.#checksum);
    const line = Buffer.from(`${checksum.toString(16).padStart(8, "0")} ${text}\n`);
    this.#torn = true;
    try {
      for (let written = 0; written < line.length;) {
        written += this.#disk.write(this.#descriptor, line.subarray(written), this.#size + written);
      }
    } catch (error) {
      this.#dropTail();
      throw error;
    }
    this.#torn = false;
    this.#size += line.length;
    this.#checksum = checksum;
  }

  /** Brings all records to the disk. */
  flush(): void {
    this.#disk.flush(this.#descriptor);
    this.#flushed = this.#size;
  }

  /**
   * Brings all records of now to the disk, those of other callers in the same call.
   * @throws when the system could not. What is on the disk is not known then, so nothing can be added any
   * more.
   */
  async flushBeside(): Promise<void> {
    const wanted = this.#size;
    while (this.#flushed < wanted) {
      this.#flushing ??= this.#beginFlush();
      await this.#flushing;
    }
  }

  /** Ends the log: a snapshot has what is in it. */
  close(): void {
    this.#flushed = Infinity;
    const close = () => closeSync(this.#descriptor);
    // The number of a closed file is given to the next one, which a flush under way would then meet.
    if (this.#flushing === undefined) close();
    else void this.#flushing.then(close, close);
  }

  #beginFlush(): Promise<void> {
    const size = this.#size;
    return this.#disk.flushBeside(this.#descriptor).then(
      () => {
        this.#flushed = Math.max(this.#flushed, size);
        this.#flushing = undefined;
      },
      (error: unknown) => {
        this.#broken = error instanceof Error ? error : new Error(String(error));
        throw this.#broken;
      },
    );
  }

  /** A reader takes half a record for one that was not finished, so this only tidies up. */
  #dropTail(): void {
    try {
      this.#disk.truncate(this.#descriptor, this.#size);
    } catch {
      // The next record tries again, and is refused while it cannot.
    }
  }
}

/**
 * Reads a log that continues this snapshot; `undefined` where there is none. The end of a record that was not
 * finished is left out.
 */
export function readChangeLog(file: string, snapshot: string): LogContents | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const records: unknown[] = [];
  let [end, checksum] = [0, 0];
  while (end < bytes.length) {
    const line = lineAt(bytes, end);
    if (line === undefined || crc32(line.json, checksum) !== line.checksum) break;
    const record: unknown = JSON.parse(line.json.toString());
    if (end > 0) records.push(record);
    else if ((record as { snapshot?: unknown }).snapshot !== snapshot) return undefined;
    checksum = line.checksum;
    ({ end } = line);
  }
  const damagedAt = wasWhole(bytes, end) ? end : undefined;
  if (end === 0 && damagedAt === undefined) return undefined;
  return { records, end, checksum, damagedAt };
}

interface Line {
  readonly json: Buffer;
  readonly checksum: number;
  readonly end: number;
}

function lineAt(bytes: Buffer, start: number): Line | undefined {
  const newline = bytes.indexOf(NEWLINE, start);
  if (newline < start + PREFIX) return undefined;
  const digits = bytes.toString("latin1", start, start + PREFIX);
  if (!/^[0-9a-f]{8} $/.test(digits)) return undefined;
  return {
    json: bytes.subarray(start + PREFIX, newline),
    checksum: Number.parseInt(digits, 16),
    end: newline + 1,
  };
}

/**
 * Whether the record at this place was once whole. A process that was killed leaves a record without its
 * newline, and a power cut leaves zeros where the disk has not got the bytes: neither was answered.
 */
function wasWhole(bytes: Buffer, start: number): boolean {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline !== -1 && !bytes.subarray(start, newline).includes(0);
}
