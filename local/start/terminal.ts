import type { Progress, Reporter } from "../pulumi/cli/reporter.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Milliseconds between two lines of progress on a stream whose lines cannot be changed. */
const QUIET = 20_000;

/** The part of a stream that is used here. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Text in colours, or as it is. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  cyan(text: string): string;
}

/** Paint for a stream: colours on a terminal only, and not where NO_COLOR is set (https://no-color.org). */
export function paintFor(sink: Sink, env: NodeJS.ProcessEnv): Paint {
  const colours = sink.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const wrap = (open: number, close: number) => (text: string) =>
    colours ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), green: wrap(32, 39), red: wrap(31, 39), cyan: wrap(36, 39) };
}

/** What `npm start` says while it works, on one stream. */
export class Terminal implements Reporter {
  readonly paint: Paint;
  readonly #sink: Sink;
  readonly #env: NodeJS.ProcessEnv;
  #redraw: (() => void) | undefined;

  constructor(sink: Sink, env: NodeJS.ProcessEnv) {
    this.#sink = sink;
    this.#env = env;
    this.paint = paintFor(sink, env);
  }

  /** Whether other programs' output on this stream may have colours. */
  get colours(): boolean {
    return this.paint.bold("") !== "";
  }

  say(line: string): void {
    this.raw(`${line}\n`);
  }

  /** The line that says why the command failed. */
  error(message: string): void {
    this.say(`${this.paint.red("Error:")} ${message}`);
  }

  heading(text: string): void {
    this.say(`\n${this.paint.bold(text)}`);
  }

  /** Text as it comes from another program. */
  raw(text: string): void {
    if (this.#redraw !== undefined) this.#sink.write("\r\u001b[2K");
    this.#sink.write(text);
    this.#redraw?.();
  }

  progress(text: string): Progress {
    const changes = this.#sink.isTTY === true && this.#env["TERM"] !== "dumb";
    return changes ? this.#spinner(text) : this.#lines(text);
  }

  #spinner(first: string): Progress {
    let text = first;
    let frame = 0;
    const began = performance.now();
    const draw = () => {
      const seconds = Math.floor((performance.now() - began) / 1000);
      const line = `${FRAMES[frame % FRAMES.length] ?? ""} ${text}${seconds < 3 ? "" : ` (${seconds} s)`}`;
      this.#sink.write(`\r\u001b[2K${line.slice(0, (this.#sink.columns ?? 80) - 1)}`);
    };
    const timer = setInterval(() => {
      frame += 1;
      draw();
    }, 120);
    this.#redraw = draw;
    draw();
    return {
      update: (next) => {
        text = next;
      },
      done: (last) => {
        clearInterval(timer);
        this.#redraw = undefined;
        this.#sink.write("\r\u001b[2K");
        if (last !== undefined) this.say(last);
      },
    };
  }

  #lines(first: string): Progress {
    let text = first;
    let said = first;
    this.say(`${first} ...`);
    const timer = setInterval(() => {
      if (text !== said) this.say(`${text} ...`);
      said = text;
    }, QUIET);
    return {
      update: (next) => {
        text = next;
      },
      done: (last) => {
        clearInterval(timer);
        if (last !== undefined) this.say(last);
      },
    };
  }
}
