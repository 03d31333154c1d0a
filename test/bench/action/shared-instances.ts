import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TriggerCache } from "../../../packages/local-tenant/src/actions/cache.ts";
import {
  applyEffects,
  createGathered,
  outcomeOf,
} from "../../../packages/local-tenant/src/actions/effects.ts";
import type {
  ActionRunner,
  DeployedAction,
  FlowOutcome,
  PostLoginFlow,
} from "../../../packages/local-tenant/src/actions/types.ts";

/** What a process sends when a run has ended. */
interface Answer {
  readonly run: number;
  readonly effects: unknown[][];
  readonly lines: string[];
  readonly error?: { readonly message: string };
}

/** All Actions of the trigger together, as in production. */
const BUDGET_MS = 20_000;

/**
 * A place for one Action at rates at which a login that waits must not hold up those behind it: a few
 * processes, each of which runs any number of sign-ins side by side. The tenant's own runner gives each
 * sign-in a process of its own, and two cores do not hold hundreds of those. Sign-ins go to the processes in
 * turn; a flow of 20 seconds ends as failed.
 */
export class SharedInstances implements ActionRunner {
  readonly #folder = mkdtempSync(join(tmpdir(), "workforce-sso-bench-"));
  readonly #children: ChildProcess[];
  readonly #cache = new TriggerCache();
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #loaded = false;
  #runs = 0;

  /** `ca` is the PEM of the tenant's authority. */
  constructor(count: number, ca: string) {
    const caFile = join(this.#folder, "ca.pem");
    writeFileSync(caFile, ca);
    const file = fileURLToPath(new URL("./shared-instance.cjs", import.meta.url));
    const options = { env: { NODE_EXTRA_CA_CERTS: caFile, TZ: "UTC" }, execArgv: ["--no-warnings"] };
    this.#children = Array.from({ length: count }, () => {
      const child = fork(file, options);
      child.on("message", (answer: Answer) => this.#waiting.get(answer.run)?.(answer));
      child.on("error", () => undefined);
      return child;
    });
  }

  async run(flow: PostLoginFlow): Promise<FlowOutcome> {
    const [action] = flow.actions;
    if (!action || flow.actions.length > 1) throw new Error("One Action is measured at a time.");
    if (!this.#loaded) this.#load(action);
    const number = ++this.#runs;
    const request = {
      entry: flow.entry,
      event: JSON.stringify(flow.event),
      secrets: action.secrets,
      transactionMetadata: {},
      samlAttributes: {},
      cache: this.#cache.snapshot(),
    };
    const started = performance.now();
    const answer = await new Promise<Answer>((resolve) => {
      const tooLong = {
        run: number,
        effects: [],
        lines: [],
        error: { message: "took longer than 20 seconds" },
      };
      const timer = setTimeout(() => resolve(tooLong), BUDGET_MS);
      this.#waiting.set(number, (own) => {
        clearTimeout(timer);
        resolve(own);
      });
      this.#children[number % this.#children.length]?.send({ type: "run", run: number, request });
    });
    this.#waiting.delete(number);
    return this.#outcome(action, answer, performance.now() - started);
  }

  async warmUp(): Promise<void> {}

  forTenant(): ActionRunner {
    throw new Error("One tenant is measured at a time.");
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #load({ name, code }: DeployedAction): void {
    this.#loaded = true;
    const from = fileURLToPath(new URL("../../../package.json", import.meta.url));
    for (const child of this.#children) child.send({ type: "load", name, code, packages: { auth0: from } });
  }

  #outcome(action: DeployedAction, { effects, lines, error }: Answer, milliseconds: number): FlowOutcome {
    const gathered = createGathered();
    applyEffects(gathered, effects, action.id, this.#cache);
    if (error) gathered.error ??= { message: error.message, actionId: action.id, kind: "thrown" };
    const run = {
      id: action.id,
      name: action.name,
      entry: "onExecutePostLogin" as const,
      milliseconds,
      cold: false,
      console: lines.map((text) => ({ level: "log" as const, text, kept: text.length })),
      httpCalls: [],
      warnings: [],
      ...(error ? { error: error.message } : {}),
    };
    return { ...outcomeOf(gathered), runs: [run] };
  }
}
