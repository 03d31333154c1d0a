import { once } from "node:events";
import type { Write } from "./claims/output.ts";

/** Whoever read the output has gone, as `head` does. */
export class ReaderGone extends Error {
  constructor() {
    super("Nobody reads the output any more.");
    this.name = "ReaderGone";
  }
}

/** Characters that are put together before they are written. */
const CHUNK = 16_384;

/** The standard output as something that can be waited for. */
export class StandardOutput {
  readonly #stream: NodeJS.WriteStream;
  readonly #before: () => void;
  readonly #gone = new AbortController();
  #waiting = "";

  /** `before` is called before each write, such as to clear a line of progress. */
  constructor(stream: NodeJS.WriteStream, before: () => void = () => undefined) {
    this.#stream = stream;
    this.#before = before;
    stream.once("error", () => this.#gone.abort());
    stream.once("close", () => this.#gone.abort());
  }

  /** @throws {ReaderGone} */
  readonly write: Write = async (text) => {
    this.#waiting += text;
    if (this.#waiting.length >= CHUNK || this.#stream.isTTY) await this.flush();
  };

  /** @throws {ReaderGone} */
  async flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = "";
    if (this.#gone.signal.aborted) throw new ReaderGone();
    this.#before();
    if (text === "" || this.#stream.write(text)) return;
    try {
      await once(this.#stream, "drain", { signal: this.#gone.signal });
    } catch {
      throw new ReaderGone();
    }
  }
}
