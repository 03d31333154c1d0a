import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LineReader } from "./lines.ts";
import { parseMessage } from "./parse-message.ts";
import type {
  CallMessage,
  ChildMessage,
  DoneMessage,
  LoadMessage,
  RunMessage,
  RunRequest,
  TenantMessage,
} from "./protocol.ts";
import type { LaunchPlan } from "./launch.ts";
import type { FlowLookups } from "./types.ts";
import type { ExecutionLog } from "./execution-log.ts";
import { answerLookup } from "./answer-lookup.ts";

/** How one run ended. */
export type RunResult =
  | { readonly kind: "done"; readonly message: DoneMessage }
  | { readonly kind: "timeout" }
  /** The Action was not called: the process cannot serve this tenant. */
  | { readonly kind: "refused" }
  /** `started` says whether the Action was called at all. */
  | { readonly kind: "ended"; readonly reason: string; readonly started: boolean };

interface Run {
  readonly id: number;
  readonly log: ExecutionLog;
  readonly lookups: FlowLookups;
  readonly resolve: (result: RunResult) => void;
  readonly timer: NodeJS.Timeout;
  started: boolean;
  waiting: boolean;
  received: number;
  openCalls: number;
}

/** Characters that one run may send: four times what a well-behaved child ever sends. */
const MAX_RECEIVED = 8_000_000;
const MAX_OPEN_CALLS = 100;
const MAX_STDERR = 8192;
/**
 * Milliseconds of CPU after which a process is replaced, well below the hard limit that would end it in the
 * middle of a run.
 */
const CPU_BUDGET = 120_000;

/** How many runs an average is about. */
const RUNS_OF_USUAL = 4;

/** A process in which one version of one Action runs, one sign-in at a time, be it of several tenants. */
export class Instance {
  readonly ended: Promise<void>;
  /** `false` when it has ended or must not be given another sign-in. */
  usable = true;
  /** Whether its process has begun to work. */
  ready = false;
  /**
   * Milliseconds of CPU that a run has taken lately; the first one, which loads the Action, does not count.
   */
  usualMs = 0;
  readonly #child: ChildProcess;
  readonly #line: Duplex;
  readonly #plan: LaunchPlan;
  readonly #onWaiting: () => void;
  #run: Run | undefined;
  #runs = 0;
  #cpu = 0;
  #stderr = "";

  /** `onWaiting` is called when an Action begins to wait for something. */
  constructor(plan: LaunchPlan, load: LoadMessage, onWaiting: () => void = () => undefined) {
    this.#plan = plan;
    this.#onWaiting = onWaiting;
    // `lib/run-child.ts` is not used here: this process talks over a pipe of its own, and must neither
    // outlive a run nor keep the tenant alive.
    this.#child = spawn(plan.command, [...plan.args], {
      cwd: plan.cwd,
      env: plan.env,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => this.#onEnd(`could not be started: ${error.message}`, resolve));
      this.#child.once("exit", (code, signal) => this.#onEnd(this.#describeExit(code, signal), resolve));
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#onStderr(chunk));
    // SAFETY: the fourth entry of stdio is a pipe, which Node opens in both directions.
    this.#line = this.#child.stdio[3] as Duplex;
    this.#line.on("error", () => this.kill());
    const reader = new LineReader(MAX_RECEIVED, (text) => this.#onLine(text));
    this.#line.on("data", (chunk: Buffer) => this.#onData(reader, chunk));
    this.#send(load);
    // A process that only waits for the next sign-in must not keep the tenant alive.
    this.#child.unref();
    for (const stream of [this.#line, this.#child.stderr]) if (stream instanceof Socket) stream.unref();
  }

  /** Whether no other sign-in has run here before. */
  get fresh(): boolean {
    return this.#runs === 0;
  }

  /** Whether the Action of the run under way waits for something, such as an answer to a request. */
  get waiting(): boolean {
    return this.#run?.waiting ?? false;
  }

  /**
   * Runs the Action once. The process is killed when `budgetMs` have passed, and the answer then is
   * `timeout`.
   */
  run(request: RunRequest, log: ExecutionLog, lookups: FlowLookups, budgetMs: number): Promise<RunResult> {
    if (!this.usable || this.#run !== undefined) {
      return Promise.resolve({ kind: "ended", reason: "was not ready for a run", started: false });
    }
    const id = ++this.#runs;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#finish({ kind: "timeout" }, true), budgetMs);
      this.#run = {
        id,
        log,
        lookups,
        resolve,
        timer,
        started: false,
        waiting: false,
        received: 0,
        openCalls: 0,
      };
      const { event, ...rest } = request;
      const head: Omit<RunMessage, "event"> = { type: "run", run: id, ...rest };
      this.#write(`${JSON.stringify(head).slice(0, -1)},"event":${event}}`);
    });
  }

  /** Forgets what a tenant has here, of which no sign-in will come any more. */
  drop(tenant: string): void {
    this.#send({ type: "drop", tenant });
  }

  /** Ends the process at once; a run under way ends with it. */
  kill(): void {
    this.usable = false;
    // A caller that waits for the end must get it, also when nothing else keeps the tenant alive.
    this.#child.ref();
    this.#child.kill("SIGKILL");
  }

  #send(message: TenantMessage): void {
    this.#write(JSON.stringify(message));
  }

  #write(text: string): void {
    if (this.#line.writable) this.#line.write(`${text}\n`);
  }

  #onData(reader: LineReader, chunk: Buffer): void {
    const run = this.#run;
    // Between runs a process has nothing to say, so whatever it says then is dropped, and much of it ends the
    // process.
    const received = (run === undefined ? 0 : run.received) + chunk.length;
    if (run !== undefined) run.received = received;
    if (received > MAX_RECEIVED || !reader.push(chunk)) {
      this.#end("sent more than an Action may send", true);
    }
  }

  #onLine(text: string): void {
    const message = parseMessage(text);
    if (message === undefined) {
      this.#end("sent something that is not a message of an Action", true);
    } else if (this.#run !== undefined && message.run === this.#run.id) {
      this.#onMessage(this.#run, message);
    }
  }

  #onMessage(run: Run, message: ChildMessage): void {
    switch (message.type) {
      case "started":
        run.started = true;
        this.ready = true;
        return;
      case "waiting":
        run.waiting = true;
        return this.#onWaiting();
      case "refused":
        return this.#finish({ kind: "refused" }, false);
      case "console":
        return run.log.addLine(message.level, message.text);
      case "http":
        return run.log.startCall(message.id, message.method, message.url);
      case "http-end":
        return run.log.endCall(message.id, message.status, message.milliseconds);
      case "call":
        return this.#onCall(run, message);
      case "done":
        return this.#onDone(message);
    }
  }

  #onDone(message: DoneMessage): void {
    const cpu = message.cpu - this.#cpu;
    this.#cpu = message.cpu;
    if (this.#runs === 2) this.usualMs = cpu;
    else if (this.#runs > 2) this.usualMs += (cpu - this.usualMs) / RUNS_OF_USUAL;
    if (message.changed || message.pending.length > 0 || message.cpu > CPU_BUDGET) this.usable = false;
    this.#run?.log.dropLines(message.dropped);
    this.#finish({ kind: "done", message }, message.fatal);
  }

  #onCall(run: Run, { call, method, args }: CallMessage): void {
    if (++run.openCalls > MAX_OPEN_CALLS) {
      this.#end(`asked the tenant ${MAX_OPEN_CALLS} things at once`, true);
      return;
    }
    void answerLookup(run.lookups, method, args).then((answer) => {
      run.openCalls -= 1;
      if (this.#run === run) this.#send({ type: "answer", call, ...answer });
    });
  }

  #end(reason: string, kill: boolean): void {
    this.#finish({ kind: "ended", reason, started: this.#run?.started ?? false }, kill);
  }

  #finish(result: RunResult, kill: boolean): void {
    const run = this.#run;
    this.#run = undefined;
    if (kill) this.kill();
    if (run === undefined) return;
    clearTimeout(run.timer);
    run.resolve(result);
  }

  #onStderr(chunk: Buffer): void {
    this.#stderr += chunk.toString("utf8");
    // While nothing reads the pipe, it fills up and the writer waits, so endless output costs the tenant
    // nothing.
    if (this.#stderr.length > MAX_STDERR) this.#child.stderr?.pause();
  }

  #onEnd(reason: string, resolve: () => void): void {
    this.usable = false;
    this.#child.stderr?.destroy();
    this.#line.destroy();
    this.#end(reason, false);
    resolve();
  }

  #describeExit(code: number | null, signal: NodeJS.Signals | null): string {
    if (/heap out of memory|Array buffer allocation failed|out of memory/i.test(this.#stderr)) {
      return `ran out of memory (${this.#plan.memoryMb} MB)`;
    }
    if (code !== null) return `ended itself with exit code ${code}`;
    return `was ended by ${signal ?? "a signal"}`;
  }
}
