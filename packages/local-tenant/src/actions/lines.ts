import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of UTF-8 into lines. */
export class LineReader {
  readonly #decoder = new StringDecoder("utf8");
  readonly #limit: number;
  readonly #onLine: (line: string) => void;
  #parts: string[] = [];
  #length = 0;

  /** `limit` is the number of characters of one line. */
  constructor(limit: number, onLine: (line: string) => void) {
    this.#limit = limit;
    this.#onLine = onLine;
  }

  /** Answers `false` when a line is longer than the limit. */
  push(chunk: Buffer): boolean {
    const [head = "", ...tail] = this.#decoder.write(chunk).split("\n");
    this.#append(head);
    for (const part of tail) {
      const line = this.#parts.join("");
      this.#parts = [];
      this.#length = 0;
      this.#onLine(line);
      this.#append(part);
    }
    return this.#length <= this.#limit;
  }

  #append(part: string): void {
    if (part === "") return;
    this.#parts.push(part);
    this.#length += part.length;
  }
}
