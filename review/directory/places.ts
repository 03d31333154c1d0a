/** A file of the import and a line in it, in one number, because there may be millions of them. */
export type Place = number;

/** What is wrong with a row, where it stands. */
export interface WrongRow {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

const LINES = 2 ** 32;

/** The files whose lines are places. */
export class Places {
  readonly #files: string[];

  constructor(files: readonly string[]) {
    this.#files = [...files];
  }

  of(file: number, line: number): Place {
    return file * LINES + line;
  }

  /** A file without a line; it becomes one of the files. */
  whole(file: string): Place {
    return (this.#files.push(file) - 1) * LINES;
  }

  parts(place: Place): { readonly file: string; readonly line: number } {
    return { file: this.#files[Math.floor(place / LINES)] ?? "", line: place % LINES };
  }

  /** `FILE:LINE` */
  text(place: Place): string {
    const { file, line } = this.parts(place);
    return line === 0 ? file : `${file}:${line}`;
  }
}
