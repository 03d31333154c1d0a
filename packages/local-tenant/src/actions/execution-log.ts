import type { ConsoleLine, HttpCall } from "./types.ts";
import { parseUrl } from "../lib/parse-url.ts";

/**
 * Characters of console output that production keeps of one Action's run:
 * https://auth0.com/docs/customize/actions/limitations.
 */
const PRODUCTION_CONSOLE = 256;
const MAX_LINES = 500;
const MAX_CHARACTERS = 64_000;
const MAX_CALLS = 200;
const MAX_URL = 1000;
const LEVELS = ["log", "info", "debug", "warn", "error"] as const;

/** Collects what one run of an Action printed and requested, up to a cap. */
export class ExecutionLog {
  readonly console: ConsoleLine[] = [];
  readonly warnings: string[] = [];
  readonly #calls = new Map<number, { method: string; url: string; started: number; call?: HttpCall }>();
  #characters = 0;
  #droppedLines = 0;
  #droppedCalls = 0;

  addLine(level: string, text: string): void {
    if (this.console.length >= MAX_LINES || this.#characters >= MAX_CHARACTERS) {
      this.#droppedLines += 1;
      return;
    }
    const kept = Math.min(text.length, Math.max(0, PRODUCTION_CONSOLE - this.#characters));
    this.#characters += text.length;
    this.console.push({ level: LEVELS.find((known) => known === level) ?? "log", text, kept });
  }

  /** Counts lines that the process of the Action did not send. */
  dropLines(count: number): void {
    this.#droppedLines += count;
  }

  startCall(id: number, method: string, url: string): void {
    if (this.#calls.size >= MAX_CALLS) this.#droppedCalls += 1;
    else this.#calls.set(id, { method: method.slice(0, 20), url: maskUrl(url), started: performance.now() });
  }

  endCall(id: number, status: number | undefined, milliseconds: number): void {
    const entry = this.#calls.get(id);
    if (entry === undefined) return;
    const { method, url } = entry;
    entry.call = {
      method,
      url,
      ...(status === undefined ? {} : { status }),
      milliseconds: Math.round(milliseconds),
    };
  }

  /** Requests in the order of their start; one without an answer has no status. */
  httpCalls(): HttpCall[] {
    const now = performance.now();
    return [...this.#calls.values()].map(
      ({ method, url, started, call }) => call ?? { method, url, milliseconds: Math.round(now - started) },
    );
  }

  /** Adds to the warnings what was cut here, and what production would cut. */
  finish(): void {
    if (this.#characters > PRODUCTION_CONSOLE) {
      this.warnings.push(
        `The Action printed ${this.#characters} characters; Auth0 keeps only the first ${PRODUCTION_CONSOLE}.`,
      );
    }
    if (this.#droppedLines > 0)
      this.warnings.push(`${this.#droppedLines} further console lines were dropped.`);
    if (this.#droppedCalls > 0)
      this.warnings.push(`${this.#droppedCalls} further HTTP requests are not listed.`);
  }
}

/** The URL without user info and fragment, and with `***` for every query value. */
export function maskUrl(text: string): string {
  const url = parseUrl(text);
  if (url === undefined) return "(no URL)";
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=***`).join("&");
  return `${url.protocol}//${url.host}${url.pathname}${query === "" ? "" : `?${query}`}`.slice(0, MAX_URL);
}
